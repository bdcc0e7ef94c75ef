/** What the operator sets: {@code config/drover.yml}, environment, arguments. */
@NullMarked
package drover.admin.config;

import org.jspecify.annotations.NullMarked;
