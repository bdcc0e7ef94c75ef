/** One event stream for every open dashboard. */
@NullMarked
package drover.admin.live;

import org.jspecify.annotations.NullMarked;
