/** Gets into the workers of a farm, so that their event loops fail when a check says so; loaded by the JVM, not by checks. */
@NullMarked
package drover.verify.agent;

import org.jspecify.annotations.NullMarked;
