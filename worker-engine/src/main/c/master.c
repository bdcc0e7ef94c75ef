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

#define MS ((uint64_t) 1000000)
#define HEARTBEAT_MS 250
#define RETRY_MS 10
#define DESCRIPTOR_PAUSE_NS (100 * MS)
#define REFUSING_PAUSE_NS (100 * MS)
#define ADOPTION_NS (1000 * MS)
#define ADOPTION_PATIENCE_NS (10000 * MS)
#define STOP_PATIENCE_NS (2000 * MS)
#define LOG_PAUSE_NS (1000 * MS)
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

/*
 *   ADOPTING ── all listeners there ──► RUNNING ── stop, signal ──► CLOSING ── backlog empty ──► STOPPING ──► exit
 *                                          └────── leave ─────────► LEAVING ── all sent is taken ──────────────► exit
 */
enum master_state {
        ADOPTING,                       /* workers bring the listening sockets of the master before */
        RUNNING,
        LEAVING,                        /* another master will follow: nothing is drained, nothing accepted */
        CLOSING,                        /* who waits in the backlog is served still */
        STOPPING,                       /* lanes drain; ends with the last of them */
};

struct master {
        const struct master_options *options;
        enum master_state state;
        int lock;
        int epoll;
        int signals;
        int lanes_socket;
        int control_socket;
        uint64_t state_since_ns;
        struct region region;
        struct refusals refusals;
        struct lanes *lanes;
        struct control control;

        struct listener listeners[MAX_LISTENERS];
        bool adopted[MAX_LISTENERS];    /* whether there is one for what was asked for as the n-th */
        bool accepting;                 /* whether the listeners are watched */
        bool answering;                 /* whether the UNIX sockets are */
        uint64_t paused_until_ns;       /* out of descriptors until then */

        /* Accepted, not yet passed on; while there are any nothing more is accepted. */
        int arrival_count;
        struct arrival arrivals[LANE_BATCH];
        uint64_t sequence;

        uint64_t ready_ns;              /* when some lane could last be given a connection */
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

static enum exit_code fail(enum exit_code code, const char *what, const char *which, const char *why)
{
        log_error("%s %s: %s", what, which, why);
        return code;
}

static const char *why_not_listening(int failed)
{
        if (failed == -EINVAL)
                return "use ADDRESS:PORT or [ADDRESS]:PORT";
        return failed == -ENOSPC ? "there are too many already" : strerror(-failed);
}

static enum exit_code fail_listening(const char *address, int failed)
{
        return fail(failed == -EINVAL ? EXIT_USAGE : EXIT_LISTEN, "cannot listen on", address, why_not_listening(failed));
}

static void enter(struct master *master, enum master_state state)
{
        master->state = state;
        master->state_since_ns = master->now_ns;
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
                *arrival = (struct arrival) {.since_ns = master->now_ns};
                arrival->record.sequence = ++master->sequence;
                arrival->fds[0] = fd;
                arrival->record.accepted_at_ns = accepted_at;
                arrival->record.descriptors = 1;
                arrival->record.since_ns = master->now_ns;
                describe(&peer, &arrival->record);
                region_add(&master->region, COUNTER_CONNECTIONS_ACCEPTED, 1);
        }
}

/* Gives up on arrivals that no lane has taken for too long, at once if none could take any for so long. */
static void refuse_late(struct master *master)
{
        uint64_t patience = (uint64_t) master->options->patience_ms * MS;
        bool all = master->now_ns - master->ready_ns > patience;
        int kept = 0;
        for (int i = 0; i < master->arrival_count; i++) {
                struct arrival *arrival = &master->arrivals[i];
                if (all || master->now_ns - arrival->since_ns > patience)
                        refusals_add(&master->refusals, fd_take(&arrival->fds[0]), STAGE_NEW, master->now_ns);
                else
                        master->arrivals[kept++] = *arrival;
        }
        if (kept == master->arrival_count)
                return;
        if (may_warn(master))
                log_warn("connections refused count=%d why=\"no worker took them\"", master->arrival_count - kept);
        master->arrival_count = kept;
        master->paused_until_ns = master->now_ns + REFUSING_PAUSE_NS;
}

static void dispatch(struct master *master)
{
        if (master->arrival_count == 0)
                return;
        master->arrival_count =
                lanes_dispatch(master->lanes, master->arrivals, master->arrival_count, master->now_ns);
        if (master->arrival_count > 0)
                refuse_late(master);
}

/*
 * Listeners are watched only while there is somebody to pass connections to; meanwhile the backlog holds them. If there is
 * nobody for too long, they are told.
 */
static void update_accepting(struct master *master)
{
        uint64_t patience = (uint64_t) master->options->patience_ms * MS;
        if (lanes_ready(master->lanes, master->now_ns) || master->state == ADOPTING)
                master->ready_ns = master->now_ns;
        bool wanted = (master->state == RUNNING || master->state == CLOSING) && master->arrival_count == 0 &&
                      master->now_ns >= master->paused_until_ns &&
                      (master->ready_ns == master->now_ns || master->now_ns - master->ready_ns > patience);
        if (wanted == master->accepting)
                return;
        for (int i = 0; i < MAX_LISTENERS; i++)
                if (master->listeners[i].fd >= 0)
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

/* ---- listeners */

static int listener_count(const struct master *master)
{
        int count = 0;
        for (int i = 0; i < MAX_LISTENERS; i++)
                count += master->listeners[i].fd >= 0;
        return count;
}

static struct listener *free_listener(struct master *master)
{
        for (int i = 0; i < MAX_LISTENERS; i++)
                if (master->listeners[i].fd < 0)
                        return &master->listeners[i];
        return NULL;
}

/* Hears of a listener from now on, if of any. On failure it is closed. */
static int attend(struct master *master, struct listener *listener)
{
        uint32_t index = (uint32_t) (listener - master->listeners);
        struct epoll_event event = {
                .events = master->accepting ? EPOLLIN : 0,
                .data.u64 = (uint64_t) SOURCE_LISTENER << 32 | index,
        };
        if (epoll_ctl(master->epoll, EPOLL_CTL_ADD, listener->fd, &event) == 0)
                return 0;
        int failed = -errno;
        fd_close(&listener->fd);
        return failed;
}

static int open_listener(struct master *master, const char *address, const struct listener **ret_listener)
{
        struct listener *listener = free_listener(master);
        if (!listener)
                return -ENOSPC;
        int failed = listeners_open(address, listener);
        if (failed == 0)
                failed = attend(master, listener);
        if (failed == 0)
                *ret_listener = listener;
        return failed;
}

static void give_custody(struct master *master)
{
        int fds[MAX_LISTENERS], count = 0;
        for (int i = 0; i < MAX_LISTENERS; i++)
                if (master->listeners[i].fd >= 0)
                        fds[count++] = master->listeners[i].fd;
        lanes_set_custody(master->lanes, fds, count);
}

static void begin_running(struct master *master)
{
        enter(master, RUNNING);
        give_custody(master);
        (void) printf("ready\n");
        (void) fflush(stdout);
}

/* ---- adopting */

static void adopt(struct master *master, struct custody *custody)
{
        int adopted = 0;
        for (int n = 0; n < master->options->listen_count && master->state == ADOPTING; n++) {
                struct listener *listener = free_listener(master);
                for (int i = 0; i < custody->count && listener && !master->adopted[n]; i++) {
                        if (custody->fds[i] < 0 ||
                            listeners_adopt(custody->fds[i], master->options->listen[n], listener) < 0)
                                continue;
                        custody->fds[i] = -1;
                        master->adopted[n] = attend(master, listener) == 0;
                        adopted += master->adopted[n];
                }
        }
        if (adopted > 0)
                log_info("listeners adopted count=%d", adopted);
        for (int i = 0; i < custody->count; i++)
                fd_close(&custody->fds[i]);
}

/* What no worker brought in time is opened, again and again while a worker that did not call still holds it. */
static enum exit_code tend_adoption(struct master *master)
{
        bool late = master->now_ns - master->state_since_ns > ADOPTION_NS;
        for (int n = 0; n < master->options->listen_count; n++) {
                const char *address = master->options->listen[n];
                if (master->adopted[n])
                        continue;
                if (!late)
                        return EXIT_STOPPED;
                const struct listener *listener;
                int failed = open_listener(master, address, &listener);
                if (failed == -EADDRINUSE && master->now_ns - master->state_since_ns < ADOPTION_PATIENCE_NS)
                        return EXIT_STOPPED;
                if (failed < 0)
                        return fail_listening(address, failed);
                master->adopted[n] = true;
        }
        begin_running(master);
        return EXIT_STOPPED;
}

/* ---- stopping */

static void close_listeners(struct master *master, bool for_good)
{
        for (int i = 0; i < MAX_LISTENERS; i++) {
                if (for_good && master->listeners[i].fd >= 0)
                        listeners_shut(&master->listeners[i]);
                fd_close(&master->listeners[i].fd);
        }
        master->accepting = false;
}

/* Takes what waits at a listener and passes it on. Returns whether nothing was left. */
static bool empty_backlog(struct master *master, const struct listener *listener)
{
        uint64_t before;
        do {
                before = master->sequence;
                if (master->arrival_count == 0)
                        accept_batch(master, listener);
                dispatch(master);
        } while (master->sequence > before && master->arrival_count == 0);
        return master->arrival_count == 0;
}

/* Whoever connected before the stop is served: a closed listener would reset what waits in its backlog. */
static void tend_stop(struct master *master)
{
        bool empty = true;
        for (int i = 0; i < MAX_LISTENERS; i++)
                if (master->listeners[i].fd >= 0)
                        empty = empty_backlog(master, &master->listeners[i]) && empty;
        bool some_open = lanes_count(master->lanes) > lanes_draining(master->lanes);
        if (some_open && !empty && master->now_ns - master->state_since_ns < STOP_PATIENCE_NS)
                return;
        close_listeners(master, true);
        for (int i = 0; i < master->arrival_count; i++)
                refusals_add(&master->refusals, fd_take(&master->arrivals[i].fds[0]), STAGE_NEW, master->now_ns);
        master->arrival_count = 0;
        lanes_drain_all(master->lanes);
        enter(master, STOPPING);
}

static void stop(struct master *master)
{
        if (master->state >= CLOSING)
                return;
        enter(master, CLOSING);
        log_info("master stopping lanes=%d", lanes_count(master->lanes));
}

/* Listening sockets stay open in the workers' custody, lanes end without a DRAIN: workers wait for the next master. */
static void leave(struct master *master)
{
        if (master->state >= LEAVING)
                return;
        enter(master, LEAVING);
        log_info("master leaving lanes=%d", lanes_count(master->lanes));
}

/* Returns true if the master is to end at once. */
static bool on_signal(struct master *master)
{
        struct signalfd_siginfo signal;
        while (read(master->signals, &signal, sizeof signal) == sizeof signal) {
                if (master->state >= CLOSING && signal.ssi_signo != SIGQUIT)
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
        const char *comma = "";
        for (int i = 0; i < MAX_LISTENERS && length < size; i++) {
                if (master->listeners[i].fd < 0)
                        continue;
                length += (size_t) snprintf(ret_answer + length, size - length, "%s%s", comma, master->listeners[i].name);
                comma = ",";
        }
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

static void listen_at(struct master *master, const char *address, char *ret_answer, size_t size)
{
        const struct listener *listener;
        int failed = master->state == RUNNING ? open_listener(master, address, &listener) : -ESHUTDOWN;
        if (failed < 0) {
                (void) snprintf(ret_answer, size, "error: cannot listen on %.64s: %s", address, why_not_listening(failed));
                return;
        }
        give_custody(master);
        log_info("listening at=%s", listener->name);
        (void) snprintf(ret_answer, size, "ok listening=%s", listener->name);
}

/* Who waits in the backlog is taken first. The last listener stays: a server that hears nobody is a mistake. */
static void unlisten_at(struct master *master, const char *address, char *ret_answer, size_t size)
{
        struct listener *listener = NULL;
        for (int i = 0; i < MAX_LISTENERS; i++)
                if (master->listeners[i].fd >= 0 && strcmp(master->listeners[i].name, address) == 0)
                        listener = &master->listeners[i];
        if (!listener || master->state != RUNNING || listener_count(master) == 1) {
                (void) snprintf(ret_answer, size, "error: %.64s is %s", address,
                                listener ? "the last one" : "not listened on");
                return;
        }
        (void) empty_backlog(master, listener);
        listeners_shut(listener);
        give_custody(master);
        log_info("not listening at=%.64s", address);
        (void) snprintf(ret_answer, size, "ok");
}

/* What follows a command's word, or NULL if the line is another command. */
static const char *after(const char *line, const char *word)
{
        size_t length = strlen(word);
        return strncmp(line, word, length) == 0 && (line[length] == ' ' || line[length] == '\0') ? line + length : NULL;
}

static void command(void *context, const char *line, char *ret_answer, size_t size)
{
        struct master *master = context;
        const char *argument;
        if (strcmp(line, "status") == 0) {
                status(master, ret_answer, size);
        } else if ((argument = after(line, "drain"))) {
                drain(master, argument, ret_answer, size);
        } else if (strcmp(line, "rebalance") == 0) {
                int asked = lanes_rebalance(master->lanes, master->now_ns);
                (void) snprintf(ret_answer, size, "ok moved=%d asked", asked);
        } else if ((argument = after(line, "listen")) && *argument) {
                listen_at(master, argument + 1, ret_answer, size);
        } else if ((argument = after(line, "unlisten")) && *argument) {
                unlisten_at(master, argument + 1, ret_answer, size);
        } else if (strcmp(line, "leave") == 0) {
                (void) snprintf(ret_answer, size, "ok");
                leave(master);
        } else if (strcmp(line, "stop") == 0) {
                (void) snprintf(ret_answer, size, "ok");
                stop(master);
        } else {
                (void) snprintf(ret_answer, size,
                                "error: unknown command \"%.64s\": use status, drain, rebalance, listen, unlisten, leave or stop",
                                line);
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
        if (master->state > RUNNING)
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

static void on_lane(struct master *master, int index)
{
        struct custody custody;
        lanes_receive(master->lanes, index, master->now_ns, &custody);
        if (custody.count > 0)
                adopt(master, &custody);
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
                if (master->listeners[index].fd >= 0 && master->accepting && master->arrival_count < LANE_BATCH)
                        accept_batch(master, &master->listeners[index]);
                break;
        case SOURCE_LANES:
                on_lane_call(master);
                break;
        case SOURCE_LANE:
                on_lane(master, index);
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

/* Whether there is nothing left to do. */
static bool is_over(const struct master *master)
{
        bool late = master->now_ns - master->state_since_ns > STOP_PATIENCE_NS;
        if (master->state == LEAVING)
                return late || (master->arrival_count == 0 && lanes_settled(master->lanes));
        return master->state == STOPPING && lanes_connected(master->lanes) == 0;
}

/* Nothing tells that a lane has room again or is fresh again, that a moment is over: look. */
static int wait_ms(const struct master *master)
{
        bool some_open = lanes_count(master->lanes) > lanes_draining(master->lanes);
        bool waits = (some_open && !master->accepting) || !master->answering || master->state == ADOPTING ||
                     master->state == LEAVING || master->state == CLOSING || master->arrival_count > 0 ||
                     lanes_waiting(master->lanes);
        return waits ? RETRY_MS : HEARTBEAT_MS;
}

static enum exit_code loop(struct master *master)
{
        struct epoll_event events[EVENTS];
        enum exit_code code = EXIT_STOPPED;
        while (code == EXIT_STOPPED && !is_over(master)) {
                int count = epoll_wait(master->epoll, events, EVENTS, wait_ms(master));
                master->now_ns = monotonic_ns();
                for (int i = 0; i < count; i++)
                        if (on_event(master, events[i].data.u64))
                                return EXIT_STOPPED;
                dispatch(master);
                lanes_tend(master->lanes, master->now_ns);
                refusals_tend(&master->refusals, master->now_ns);
                if (master->state == ADOPTING)
                        code = tend_adoption(master);
                if (master->state == CLOSING)
                        tend_stop(master);
                update_accepting(master);
                update_answering(master);
                region_beat(&master->region, master->now_ns);
        }
        return code;
}

/* ---- beginning and end */

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
        for (int i = 0; i < master->options->listen_count && !master->options->adopt; i++) {
                const struct listener *listener;
                int failed = open_listener(master, master->options->listen[i], &listener);
                if (failed < 0)
                        return fail_listening(master->options->listen[i], failed);
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
        uint64_t patience = (uint64_t) master->options->patience_ms * MS;
        master->refusals.region = &master->region;
        master->sequence = region_counted(&master->region, COUNTER_CONNECTIONS_ACCEPTED);
        master->lanes = lanes_new(&master->region, &master->refusals, patience);
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
                lanes_close_arrival(&master->arrivals[i]);
        if (master->lanes)
                lanes_free(master->lanes);
        refusals_close(&master->refusals);
        control_close(&master->control);
        if (master->control_socket >= 0)
                unlink_socket(master, "control.sock");
        if (master->lanes_socket >= 0)
                unlink_socket(master, "lanes.sock");
        fd_close(&master->control_socket);
        fd_close(&master->lanes_socket);
        close_listeners(master, false);
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
        for (int i = 0; i < MAX_LISTENERS; i++)
                master->listeners[i].fd = -1;
        control_init(&master->control, command, master);

        enum exit_code code = begin(master);
        if (code == EXIT_STOPPED) {
                log_info("master started pid=%d listeners=%d", (int) getpid(), listener_count(master));
                master->now_ns = master->ready_ns = monotonic_ns();
                if (options->adopt)
                        enter(master, ADOPTING);
                else
                        begin_running(master);
                code = loop(master);
                log_info("master stopped connections=%llu", (unsigned long long) master->sequence);
        }
        end(master);
        free(master);
        return code;
}
