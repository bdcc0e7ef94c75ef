/** The worker: one process that serves what its lanes bring. */
@NullMarked
package drover.engine;

import org.jspecify.annotations.NullMarked;
