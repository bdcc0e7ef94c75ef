/** The admin app: everything that watches and commands. */
@NullMarked
package drover.admin;

import org.jspecify.annotations.NullMarked;
