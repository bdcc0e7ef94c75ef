/** Why a request gets what it gets: the same code as the road, asked apart from it. */
@NullMarked
package drover.engine.explain;

import org.jspecify.annotations.NullMarked;
