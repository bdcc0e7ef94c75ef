/** The C library through the Foreign Function and Memory API, and the one class that turns a descriptor into a channel. */
@NullMarked
package drover.engine.posix;

import org.jspecify.annotations.NullMarked;
