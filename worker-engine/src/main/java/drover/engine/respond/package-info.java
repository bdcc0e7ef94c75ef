/** What a request gets: decisions in order, and the heads of responses. */
@NullMarked
package drover.engine.respond;

import org.jspecify.annotations.NullMarked;
