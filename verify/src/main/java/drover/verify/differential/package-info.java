/** Drover beside Debian's nginx: the same bytes to both, and never a more generous answer from Drover. */
@NullMarked
package drover.verify.differential;

import org.jspecify.annotations.NullMarked;
