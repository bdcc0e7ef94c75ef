/* The master: accepts connections and passes them to the workers' lanes. It never reads a byte that a client sent. */
#ifndef DROVER_MASTER_H
#define DROVER_MASTER_H

#include <stdbool.h>

#include "listeners.h"

enum exit_code {
        EXIT_STOPPED = 0,
        EXIT_SYSTEM = 1,
        EXIT_USAGE = 2,
        EXIT_LISTEN = 3,
        EXIT_LOCKED = 4,
        EXIT_REGION = 5,
};

struct master_options {
        const char *run_directory;
        const char *region;
        int loops;
        bool adopt;                     /* take the listening sockets from the workers, as far as they have them */
        int patience_ms;                /* how long a connection waits for a worker */
        int listen_count;
        const char *listen[MAX_LISTENERS];
};

/* Runs until it is stopped; returns the exit code, after one line on standard error if it is not EXIT_STOPPED. */
enum exit_code master_run(const struct master_options *options);

#endif
