/** One line for one event, to standard error, which admin keeps in a file. */
@NullMarked
package drover.engine.log;

import org.jspecify.annotations.NullMarked;
