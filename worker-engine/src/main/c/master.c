#include "master.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

#include "control.h"
#include "fd.h"
#include "lanes.h"
#include "log.h"
#include "region.h"
#include "sockets.h"

#define MS 1000000ull
#define HEARTBEAT_MS 250
#define RETRY_MS 10
#define DESCRIPTOR_PAUSE_NS (100u * MS)
#define ARRIVAL_PATIENCE_NS (5000u * MS)
#define LOG_PAUSE_NS (1000u * MS)
#define EVENTS 64

/* Who an epoll event is for: the kind in the upper half, an index in the lower. */
enum source {
        SOURCE_SIGNAL,
        SOURCE_LISTENER,
        SOURCE_LANES,
        SOURCE_LANE,
        SOURCE_CONTROL,
        SOURCE_CONTROL_CLIENT,
};

/* RUNNING ── stop, signal ──► STOPPING ── last lane closed ──► exit */
enum master_state {
        RUNNING,
        STOPPING,
};

struct master {
        const struct master_options *options;
        enum master_state state;
        int lock;
        int epoll;
        int signals;
        int lanes_socket;
        int control_socket;
        struct region region;
        struct lanes *lanes;
        struct control control;

        int listener_count;
        struct listener listeners[MAX_LISTENERS];
        bool accepting;                 /* whether the listeners are watched */
        bool answering;                 /* whether the UNIX sockets are */
        uint64_t paused_until_ns;       /* out of descriptors until then */

        /* Accepted, not yet passed on; while there are any nothing more is accepted. */
        int arrival_count;
        struct arrival arrivals[LANE_BATCH];
        uint64_t sequence;

        uint64_t now_ns;
        uint64_t last_warning_ns;
};

/* One warning a second, whatever happens how often. */
static bool may_warn(struct master *master)
{
        if (master->last_warning_ns && master->now_ns - master->last_warning_ns < LOG_PAUSE_NS)
                return false;
        master->last_warning_ns = master->now_ns;
        return true;
}

static int watch(struct master *master, int fd, enum source source, int index)
{
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t) source << 32 | (uint32_t) index};
        return epoll_ctl(master->epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

/* Whether to hear of a watched descriptor from here on. */
static void hear(struct master *master, int fd, enum source source, int index, bool wanted)
{
        struct epoll_event event = {.events = wanted ? EPOLLIN : 0, .data.u64 = (uint64_t) source << 32 | (uint32_t) index};
        (void) epoll_ctl(master->epoll, EPOLL_CTL_MOD, fd, &event);
}

/* ---- connections */

static void describe(const union sockaddr_any *peer, struct lane_record *ret_record)
{
        if (peer->any.sa_family == AF_INET6) {
                ret_record->family = 6;
                ret_record->port = ntohs(peer->v6.sin6_port);
                memcpy(ret_record->address, &peer->v6.sin6_addr, sizeof peer->v6.sin6_addr);
        } else {
                ret_record->family = 4;
                ret_record->port = ntohs(peer->v4.sin_port);
                memcpy(ret_record->address, &peer->v4.sin_addr, sizeof peer->v4.sin_addr);
        }
}

static uint64_t realtime_ns(void)
{
        struct timespec now;
        (void) clock_gettime(CLOCK_REALTIME, &now);
        return (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
}

static void on_accept_failed(struct master *master, int failed)
{
        if (failed == EAGAIN || failed == EINTR || failed == ECONNABORTED || failed == EPROTO || failed == EPERM)
                return;
        /* Out of descriptors or memory: whoever waits at a listener or a UNIX socket may wait a little longer. */
        master->paused_until_ns = master->now_ns + DESCRIPTOR_PAUSE_NS;
        region_add(&master->region, COUNTER_ACCEPT_PAUSES, 1);
        if (may_warn(master))
                log_warn("accepting paused why=\"%s\"", strerror(failed));
}

/* Takes what waits at a listener, as much as one batch holds. */
static void accept_batch(struct master *master, const struct listener *listener)
{
        uint64_t accepted_at = realtime_ns();
        while (master->arrival_count < LANE_BATCH) {
                union sockaddr_any peer;
                socklen_t length = sizeof peer;
                int fd = accept4(listener->fd, &peer.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (fd < 0) {
                        on_accept_failed(master, errno);
                        return;
                }
                struct arrival *arrival = &master->arrivals[master->arrival_count++];
                *arrival = (struct arrival) {.fd = fd, .since_ns = master->now_ns};
                arrival->record.sequence = ++master->sequence;
                arrival->record.accepted_at_ns = accepted_at;
                describe(&peer, &arrival->record);
                region_add(&master->region, COUNTER_CONNECTIONS_ACCEPTED, 1);
        }
}

/* Gives up on arrivals that no lane has taken for too long. */
static void reject_late(struct master *master)
{
        int kept = 0;
        for (int i = 0; i < master->arrival_count; i++) {
                struct arrival *arrival = &master->arrivals[i];
                if (master->now_ns - arrival->since_ns > ARRIVAL_PATIENCE_NS) {
                        fd_close(&arrival->fd);
                        region_add(&master->region, COUNTER_CONNECTIONS_REJECTED_NO_WORKER, 1);
                        if (may_warn(master))
                                log_warn("connection rejected sequence=%llu why=\"no worker took it\"",
                                         (unsigned long long) arrival->record.sequence);
                } else {
                        master->arrivals[kept++] = *arrival;
                }
        }
        master->arrival_count = kept;
}

static void dispatch(struct master *master)
{
        if (master->arrival_count == 0)
                return;
        master->arrival_count =
                lanes_dispatch(master->lanes, master->arrivals, master->arrival_count, master->now_ns);
        if (master->arrival_count > 0)
                reject_late(master);
}

/* Listeners are watched only while there is somebody to pass connections to; meanwhile the backlog holds them. */
static void update_accepting(struct master *master)
{
        bool wanted = master->state == RUNNING && master->arrival_count == 0 &&
                      master->now_ns >= master->paused_until_ns && lanes_ready(master->lanes, master->now_ns);
        if (wanted == master->accepting)
                return;
        for (int i = 0; i < master->listener_count; i++)
                hear(master, master->listeners[i].fd, SOURCE_LISTENER, i, wanted);
        master->accepting = wanted;
}

/* A call that cannot be taken for want of a descriptor would wake the loop again and again. */
static void update_answering(struct master *master)
{
        bool wanted = master->now_ns >= master->paused_until_ns;
        if (wanted == master->answering)
                return;
        hear(master, master->lanes_socket, SOURCE_LANES, 0, wanted);
        hear(master, master->control_socket, SOURCE_CONTROL, 0, wanted);
        master->answering = wanted;
}

/* ---- stopping */

static void close_listeners(struct master *master)
{
        for (int i = 0; i < master->listener_count; i++)
                fd_close(&master->listeners[i].fd);
        master->listener_count = 0;
        master->accepting = false;
}

static void stop(struct master *master)
{
        if (master->state == STOPPING)
                return;
        master->state = STOPPING;
        log_info("master stopping lanes=%d", lanes_count(master->lanes));
        /* Whoever connected before the stop is served: a closed listener would reset what waits in its backlog. */
        dispatch(master);
        for (int i = 0; i < master->listener_count; i++) {
                uint64_t before;
                do {
                        before = master->sequence;
                        accept_batch(master, &master->listeners[i]);
                        dispatch(master);
                } while (master->sequence > before && master->arrival_count == 0);
        }
        close_listeners(master);
        lanes_drain_all(master->lanes);
}

/* Returns true if the master is to end at once. */
static bool on_signal(struct master *master)
{
        struct signalfd_siginfo signal;
        while (read(master->signals, &signal, sizeof signal) == sizeof signal) {
                if (master->state == STOPPING && signal.ssi_signo != SIGQUIT)
                        return true;
                stop(master);
        }
        return false;
}

/* ---- commands */

static void status(const struct master *master, char *ret_answer, size_t size)
{
        size_t length = (size_t) snprintf(ret_answer, size, "ok pid=%d version=%s accepting=%s listening=", (int) getpid(),
                                          DROVER_VERSION, master->accepting ? "yes" : "no");
        for (int i = 0; i < master->listener_count && length < size; i++)
                length += (size_t) snprintf(ret_answer + length, size - length, "%s%s", i ? "," : "",
                                            master->listeners[i].name);
        if (length < size)
                (void) snprintf(ret_answer + length, size - length, " lanes=%d draining=%d", lanes_count(master->lanes),
                                lanes_draining(master->lanes));
}

static void drain(struct master *master, const char *arguments, char *ret_answer, size_t size)
{
        int slot, seat = -1, slot_end = 0, end = 0;
        int found = sscanf(arguments, " %3d%n %n%1d %n", &slot, &slot_end, &end, &seat, &end);
        bool apart = found < 2 || arguments[slot_end] == ' ';   /* else 0010 were slot 1, seat 0 */
        if (found < 1 || !apart || arguments[end] || slot < 1 || slot > REGION_SLOTS || seat < -1 || seat >= REGION_SEATS) {
                (void) snprintf(ret_answer, size, "error: use drain SLOT or drain SLOT SEAT, slots 1 to %d, seats 0 and 1",
                                REGION_SLOTS);
                return;
        }
        int drained = lanes_drain(master->lanes, slot, seat);
        if (drained > 0)
                (void) snprintf(ret_answer, size, "ok lanes=%d", drained);
        else if (seat < 0)
                (void) snprintf(ret_answer, size, "error: slot %d has no lane", slot);
        else
                (void) snprintf(ret_answer, size, "error: slot %d seat %d has no lane", slot, seat);
}

static void command(void *context, const char *line, char *ret_answer, size_t size)
{
        struct master *master = context;
        if (strcmp(line, "status") == 0) {
                status(master, ret_answer, size);
        } else if (strncmp(line, "drain", 5) == 0 && (line[5] == ' ' || line[5] == '\0')) {
                drain(master, line + 5, ret_answer, size);
        } else if (strcmp(line, "stop") == 0) {
                (void) snprintf(ret_answer, size, "ok");
                stop(master);
        } else {
                (void) snprintf(ret_answer, size, "error: unknown command \"%.64s\": use status, drain or stop", line);
        }
}

/* ---- the turn */

static void on_lane_call(struct master *master)
{
        int fd, index;
        int failed = sockets_accept(master->lanes_socket, &fd);
        if (failed == -EPERM && may_warn(master))
                log_warn("lane refused why=\"it belongs to another user\"");
        if (failed < 0) {
                on_accept_failed(master, -failed);
                return;
        }
        if (master->state == STOPPING)
                fd_close(&fd);          /* greeted now, it would be waited for and never told to drain */
        else if (lanes_add(master->lanes, fd, master->now_ns, &index) == 0)
                (void) watch(master, fd, SOURCE_LANE, index);
        else if (may_warn(master))
                log_warn("lane refused why=\"there is no room for more\"");
}

static void on_control_call(struct master *master)
{
        int fd;
        int failed = sockets_accept(master->control_socket, &fd);
        if (failed == -EPERM && may_warn(master))
                log_warn("control refused why=\"it belongs to another user\"");
        if (failed < 0) {
                on_accept_failed(master, -failed);
                return;
        }
        int index = control_add(&master->control, fd);
        if (index >= 0)
                (void) watch(master, fd, SOURCE_CONTROL_CLIENT, index);
        else if (may_warn(master))
                log_warn("control refused why=\"%d callers are enough\"", CONTROL_CLIENTS);
}

/* Returns true if the master is to end at once. */
static bool on_event(struct master *master, uint64_t source)
{
        int index = (int) (uint32_t) source;
        switch ((enum source) (source >> 32)) {
        case SOURCE_SIGNAL:
                return on_signal(master);
        case SOURCE_LISTENER:
                /* A stop earlier in this turn has closed it. */
                if (index < master->listener_count && master->arrival_count < LANE_BATCH)
                        accept_batch(master, &master->listeners[index]);
                break;
        case SOURCE_LANES:
                on_lane_call(master);
                break;
        case SOURCE_LANE:
                lanes_receive(master->lanes, index);
                break;
        case SOURCE_CONTROL:
                on_control_call(master);
                break;
        case SOURCE_CONTROL_CLIENT:
                control_receive(&master->control, index);
                break;
        }
        return false;
}

static void loop(struct master *master)
{
        struct epoll_event events[EVENTS];
        while (master->state == RUNNING || lanes_connected(master->lanes) > 0) {
                /* Nothing tells that a lane has room again or is fresh again: look. */
                bool some_open = lanes_count(master->lanes) > lanes_draining(master->lanes);
                bool waits = (some_open && !master->accepting) || !master->answering || lanes_unsent(master->lanes);
                int count = epoll_wait(master->epoll, events, EVENTS, waits ? RETRY_MS : HEARTBEAT_MS);
                master->now_ns = monotonic_ns();
                for (int i = 0; i < count; i++)
                        if (on_event(master, events[i].data.u64))
                                return;
                dispatch(master);
                lanes_tend(master->lanes, master->now_ns);
                update_accepting(master);
                update_answering(master);
                region_beat(&master->region, master->now_ns);
        }
}

/* ---- beginning and end */

static enum exit_code fail(enum exit_code code, const char *what, const char *which, const char *why)
{
        log_error("%s %s: %s", what, which, why);
        return code;
}

static enum exit_code check_run_directory(const char *path)
{
        struct stat status;
        if (stat(path, &status) < 0)
                return fail(EXIT_USAGE, "cannot use run directory", path, strerror(errno));
        if (!S_ISDIR(status.st_mode))
                return fail(EXIT_USAGE, "cannot use run directory", path, "it is no directory");
        if (status.st_uid != geteuid() || (status.st_mode & 0077))
                return fail(EXIT_USAGE, "cannot use run directory", path, "it must be ours, with mode 0700");
        return EXIT_STOPPED;
}

/* The lock file stays when the master goes: were it unlinked, a third master could lock a new one beside a second. */
static enum exit_code lock(struct master *master)
{
        char path[4096];
        (void) snprintf(path, sizeof path, "%s/master.lock", master->options->run_directory);
        master->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (master->lock < 0)
                return fail(EXIT_USAGE, "cannot open", path, strerror(errno));
        if (flock(master->lock, LOCK_EX | LOCK_NB) < 0)
                return fail(EXIT_LOCKED, "cannot lock", path, "another master runs there");
        return EXIT_STOPPED;
}

static enum exit_code open_region(struct master *master)
{
        const char *path = master->options->region;
        const char *why = NULL;
        int failed = region_open(path, master->options->loops, &master->region, &why);
        return failed < 0 ? fail(EXIT_REGION, "cannot use", path, why ? why : strerror(-failed)) : EXIT_STOPPED;
}

static enum exit_code open_listeners(struct master *master)
{
        for (int i = 0; i < master->options->listen_count; i++) {
                const char *address = master->options->listen[i];
                struct listener *listener = &master->listeners[i];
                int failed = listeners_open(address, listener);
                if (failed == -EINVAL)
                        return fail(EXIT_USAGE, "cannot listen on", address, "use ADDRESS:PORT or [ADDRESS]:PORT");
                if (failed < 0)
                        return fail(EXIT_LISTEN, "cannot listen on", address, strerror(-failed));
                master->listener_count = i + 1;
                struct epoll_event event = {.data.u64 = (uint64_t) SOURCE_LISTENER << 32 | (uint32_t) i};
                if (epoll_ctl(master->epoll, EPOLL_CTL_ADD, listener->fd, &event) < 0)
                        return fail(EXIT_SYSTEM, "cannot watch", address, strerror(errno));
        }
        return EXIT_STOPPED;
}

static enum exit_code open_sockets(struct master *master)
{
        const char *directory = master->options->run_directory;
        int failed = sockets_listen(directory, "lanes.sock", SOCK_SEQPACKET, &master->lanes_socket);
        if (failed == 0)
                failed = sockets_listen(directory, "control.sock", SOCK_STREAM, &master->control_socket);
        if (failed == 0)
                failed = watch(master, master->lanes_socket, SOURCE_LANES, 0);
        if (failed == 0)
                failed = watch(master, master->control_socket, SOURCE_CONTROL, 0);
        master->answering = failed == 0;
        return failed < 0 ? fail(EXIT_SYSTEM, "cannot open sockets in", directory, strerror(-failed)) : EXIT_STOPPED;
}

static enum exit_code open_loop(struct master *master)
{
        sigset_t handled;
        (void) sigemptyset(&handled);
        (void) sigaddset(&handled, SIGTERM);
        (void) sigaddset(&handled, SIGINT);
        (void) sigaddset(&handled, SIGQUIT);
        (void) signal(SIGPIPE, SIG_IGN);
        master->epoll = epoll_create1(EPOLL_CLOEXEC);
        if (master->epoll < 0 || sigprocmask(SIG_BLOCK, &handled, NULL) < 0)
                return fail(EXIT_SYSTEM, "cannot prepare", "the event loop", strerror(errno));
        master->signals = signalfd(-1, &handled, SFD_NONBLOCK | SFD_CLOEXEC);
        if (master->signals < 0 || watch(master, master->signals, SOURCE_SIGNAL, 0) < 0)
                return fail(EXIT_SYSTEM, "cannot receive", "signals", strerror(errno));
        return EXIT_STOPPED;
}

static enum exit_code begin(struct master *master)
{
        enum exit_code (*steps[])(struct master *) = {lock, open_loop, open_region, open_listeners, open_sockets};
        enum exit_code code = check_run_directory(master->options->run_directory);
        for (size_t i = 0; code == EXIT_STOPPED && i < sizeof steps / sizeof steps[0]; i++)
                code = steps[i](master);
        if (code != EXIT_STOPPED)
                return code;
        master->lanes = lanes_new(&master->region);
        return master->lanes ? EXIT_STOPPED : fail(EXIT_SYSTEM, "cannot hold", "the lanes", strerror(ENOMEM));
}

static void unlink_socket(const struct master *master, const char *name)
{
        char path[4096];
        (void) snprintf(path, sizeof path, "%s/%s", master->options->run_directory, name);
        (void) unlink(path);
}

/* In the reverse order of the beginning; each part knows whether it was reached. */
static void end(struct master *master)
{
        for (int i = 0; i < master->arrival_count; i++)
                fd_close(&master->arrivals[i].fd);
        if (master->lanes)
                lanes_free(master->lanes);
        control_close(&master->control);
        if (master->control_socket >= 0)
                unlink_socket(master, "control.sock");
        if (master->lanes_socket >= 0)
                unlink_socket(master, "lanes.sock");
        fd_close(&master->control_socket);
        fd_close(&master->lanes_socket);
        close_listeners(master);
        if (master->region.base)
                region_close(&master->region);
        fd_close(&master->signals);
        fd_close(&master->epoll);
        fd_close(&master->lock);
}

enum exit_code master_run(const struct master_options *options)
{
        struct master *master = calloc(1, sizeof *master);
        if (!master)
                return fail(EXIT_SYSTEM, "cannot start", "the master", strerror(ENOMEM));
        master->options = options;
        master->lock = master->epoll = master->signals = master->lanes_socket = master->control_socket = -1;
        control_init(&master->control, command, master);

        enum exit_code code = begin(master);
        if (code == EXIT_STOPPED) {
                log_info("master started pid=%d listeners=%d", (int) getpid(), master->listener_count);
                (void) printf("ready\n");
                (void) fflush(stdout);
                loop(master);
                log_info("master stopped connections=%llu", (unsigned long long) master->sequence);
        }
        end(master);
        free(master);
        return code;
}
