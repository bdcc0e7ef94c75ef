/** What the farm was like over the last day, in fixed memory and in a file that outlives admin. */
@NullMarked
package drover.admin.history;

import org.jspecify.annotations.NullMarked;
