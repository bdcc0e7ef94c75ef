/*
 * The test harness. Each test is a function without arguments, run in a process of its own: a test that fails, crashes or
 * hangs takes nothing else down, and whatever it started dies with it.
 */
#ifndef DROVER_CHECK_H
#define DROVER_CHECK_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST_SECONDS 20

/* Ends the test as failed, with what was expected and where. */
#define CHECK(condition)                                                                                               \
        do {                                                                                                           \
                if (!(condition)) {                                                                                    \
                        (void) fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                         \
                        exit(1);                                                                                       \
                }                                                                                                      \
        } while (0)

#define RUN(test) check_run(#test, test)

static int check_failures;

/* Called after each test, when all its processes are gone: removes what they left behind. */
static void (*check_after)(pid_t test, bool failed);

static inline void check_run(const char *name, void (*test)(void))
{
        (void) fflush(NULL);
        (void) prctl(PR_SET_CHILD_SUBREAPER, 1);
        pid_t pid = fork();
        if (pid == 0) {
                (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
                (void) setpgid(0, 0);
                (void) alarm(TEST_SECONDS);
                test();
                exit(0);
        }

        int status = -1;
        bool failed = pid < 0 || waitpid(pid, &status, 0) != pid || status != 0;
        if (pid > 0) {
                (void) kill(-pid, SIGKILL);
                while (waitpid(-pid, NULL, 0) > 0)
                        ;
        }
        if (failed && pid > 0 && WIFSIGNALED(status))
                (void) fprintf(stderr, "%s: %s\n", name, strsignal(WTERMSIG(status)));
        if (check_after)
                check_after(pid, failed);
        (void) printf("%s %s\n", failed ? "FAILED" : "ok", name);
        (void) fflush(stdout);
        check_failures += failed;
}

/* What main returns. */
static inline int check_result(void)
{
        return check_failures > 0;
}

#endif
