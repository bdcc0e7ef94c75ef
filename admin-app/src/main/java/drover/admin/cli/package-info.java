/** The commands of {@code ./drover} beside {@code up}: they read files and sockets, and need no running admin. */
@NullMarked
package drover.admin.cli;

import org.jspecify.annotations.NullMarked;
