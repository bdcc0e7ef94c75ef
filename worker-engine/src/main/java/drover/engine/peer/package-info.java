/** Who is at the other end of a connection: addresses, and what proxies say of them. Pure: no I/O, nothing of ours. */
@NullMarked
package drover.engine.peer;

import org.jspecify.annotations.NullMarked;
