/** What is kept of a worker that ended as nobody wished: which requests it was at, and what it said. */
@NullMarked
package drover.admin.crashes;

import org.jspecify.annotations.NullMarked;
