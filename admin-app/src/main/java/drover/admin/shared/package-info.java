/** What every package here may use: the terminal, the refusal to start, the version. It uses none of them. */
@NullMarked
package drover.admin.shared;

import org.jspecify.annotations.NullMarked;
