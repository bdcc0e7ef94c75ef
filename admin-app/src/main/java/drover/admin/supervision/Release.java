package drover.admin.supervision;

import java.nio.file.Path;

/** What a worker process is started from: its program and its configuration. */
record Release(Path jar, Path config) {}
