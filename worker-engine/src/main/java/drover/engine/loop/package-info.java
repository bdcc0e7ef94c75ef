/** Event loops and the connections they serve. */
@NullMarked
package drover.engine.loop;

import org.jspecify.annotations.NullMarked;
