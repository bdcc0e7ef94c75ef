/** What has happened to the farm, and who had a hand in it: one file, appended to and kept. */
@NullMarked
package drover.admin.events;

import org.jspecify.annotations.NullMarked;
