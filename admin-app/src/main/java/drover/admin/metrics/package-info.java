/** The farm's counters for Prometheus. */
@NullMarked
package drover.admin.metrics;

import org.jspecify.annotations.NullMarked;
