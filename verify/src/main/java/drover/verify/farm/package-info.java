/** A real Drover and what can be seen of it from outside: its processes, logs, metrics. */
@NullMarked
package drover.verify.farm;

import org.jspecify.annotations.NullMarked;
