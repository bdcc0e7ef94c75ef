/** What HTTP asks of a server, as a table of exchanges, held against a real master and worker or any other server. */
@NullMarked
package drover.engine.conformance;

import org.jspecify.annotations.NullMarked;
