/** What a worker is told when it is started. */
@NullMarked
package drover.engine.config;

import org.jspecify.annotations.NullMarked;
