/** One line for each request, in one file that all workers share. */
@NullMarked
package drover.engine.accesslog;

import org.jspecify.annotations.NullMarked;
