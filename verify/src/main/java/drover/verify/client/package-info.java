/** Clients that never retry, look at every byte, and say exactly what went wrong. */
@NullMarked
package drover.verify.client;

import org.jspecify.annotations.NullMarked;
