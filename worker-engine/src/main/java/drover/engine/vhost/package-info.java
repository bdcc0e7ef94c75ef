/** From a Host field to a site. */
@NullMarked
package drover.engine.vhost;

import org.jspecify.annotations.NullMarked;
