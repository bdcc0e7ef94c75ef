/** The REST API and the dashboard's files. */
@NullMarked
package drover.admin.web;

import org.jspecify.annotations.NullMarked;
