/** The facts of the farm, sampled once a second for everyone who looks on. */
@NullMarked
package drover.admin.stats;

import org.jspecify.annotations.NullMarked;
