/** Who may see what is protected: passwords, and the threads that have the time to check them. */
@NullMarked
package drover.engine.auth;

import org.jspecify.annotations.NullMarked;
