/* drover-master: reads its arguments and runs the master. docs/formats/control.md says how it is started. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "master.h"
#include "region_layout.h"

static const char usage[] =
        "use: drover-master --run-directory DIR --region FILE --loops N --listen ADDRESS:PORT [--listen ADDRESS:PORT ...]"
        " [--adopt] [--patience-ms N]";

#define DEFAULT_PATIENCE_MS 5000
#define MAX_PATIENCE_MS 600000

/* Returns 0 for what is no number from 1 to the most. */
static int parse_number(const char *text, long most)
{
        char *end;
        errno = 0;
        long number = strtol(text, &end, 10);
        return errno || end == text || *end || number < 1 || number > most ? 0 : (int) number;
}

/* Returns 0, or -EINVAL after a line that says what is wrong. */
static int parse(int count, char **arguments, struct master_options *ret_options)
{
        static const struct option known[] = {
                {"run-directory", required_argument, NULL, 'd'},
                {"region", required_argument, NULL, 'r'},
                {"loops", required_argument, NULL, 'n'},
                {"listen", required_argument, NULL, 'l'},
                {"adopt", no_argument, NULL, 'a'},
                {"patience-ms", required_argument, NULL, 'p'},
                {0},
        };
        opterr = 0;
        for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
                if (option == 'd') {
                        ret_options->run_directory = optarg;
                } else if (option == 'r') {
                        ret_options->region = optarg;
                } else if (option == 'n') {
                        ret_options->loops = parse_number(optarg, REGION_MAX_LOOPS);
                } else if (option == 'a') {
                        ret_options->adopt = true;
                } else if (option == 'p') {
                        ret_options->patience_ms = parse_number(optarg, MAX_PATIENCE_MS);
                } else if (option == 'l' && ret_options->listen_count < MAX_LISTENERS) {
                        ret_options->listen[ret_options->listen_count++] = optarg;
                } else {
                        log_error("bad argument %s; %s", arguments[optind - 1], usage);
                        return -EINVAL;
                }
        }
        if (optind < count || !ret_options->run_directory || !ret_options->region || ret_options->loops == 0 ||
            ret_options->patience_ms == 0 || ret_options->listen_count == 0) {
                log_error("%s; loops are 1 to %d, listen addresses at most %d, patience 1 to %d ms", usage, REGION_MAX_LOOPS,
                          MAX_LISTENERS, MAX_PATIENCE_MS);
                return -EINVAL;
        }
        return 0;
}

int main(int count, char **arguments)
{
        struct master_options options = {.patience_ms = DEFAULT_PATIENCE_MS};
        return (int) (parse(count, arguments, &options) < 0 ? EXIT_USAGE : master_run(&options));
}
