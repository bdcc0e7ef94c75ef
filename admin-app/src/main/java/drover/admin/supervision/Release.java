package drover.admin.supervision;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a worker process is started from: its program and its configuration.
 *
 * @param generation the configuration's number; 0 outside of the farm
 * @param drainTimeout what its workers take to drain
 * @param logsToStandardOutput whether they log requests to admin's standard output
 */
record Release(int generation, Path jar, Path config, Duration drainTimeout, boolean logsToStandardOutput) {}
