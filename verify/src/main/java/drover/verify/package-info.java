/** The longer suite: what Drover promises, shown with real processes. */
@NullMarked
package drover.verify;

import org.jspecify.annotations.NullMarked;
