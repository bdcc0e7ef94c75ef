/** The logs of all processes, as they are read: by fixed names, within bounds, hostile bytes as text. */
@NullMarked
package drover.admin.logs;

import org.jspecify.annotations.NullMarked;
