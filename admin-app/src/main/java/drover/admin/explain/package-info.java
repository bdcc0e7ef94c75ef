/** Why a request gets what it gets: workers are asked, for they alone know. */
@NullMarked
package drover.admin.explain;

import org.jspecify.annotations.NullMarked;
