/** One class for each promise. */
@NullMarked
package drover.verify.checks;

import org.jspecify.annotations.NullMarked;
