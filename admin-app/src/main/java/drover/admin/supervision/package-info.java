/** Starts, watches, restarts and stops the processes of the farm. */
@NullMarked
package drover.admin.supervision;

import org.jspecify.annotations.NullMarked;
