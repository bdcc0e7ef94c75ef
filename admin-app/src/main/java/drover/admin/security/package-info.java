/** Who may come in: users, sessions, the rules of the door. */
@NullMarked
package drover.admin.security;

import org.jspecify.annotations.NullMarked;
