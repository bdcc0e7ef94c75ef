/** Descriptors in and out: one lane for each event loop. */
@NullMarked
package drover.engine.lane;

import org.jspecify.annotations.NullMarked;
