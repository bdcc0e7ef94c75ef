#include "lanes.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "fd.h"
#include "log.h"
#include "wire.h"

#define HELLO_TIMEOUT_NS 5000000000u
#define FRESH_NS 1000000000u

/* The worker's counter says what it took; a lane on which it stands still for so long is asked. */
#define ASK_AFTER_NS 10000000u

/* Without descriptors for what a worker hands back, it may try again after this. */
#define ROOM_PAUSE_NS 100000000u

/* Connections that a lane's worker may be behind with. */
#define CREDIT 64

/* A worker that has just begun may not be fresh yet when shares are levelled: so long and so often they are levelled again. */
#define LEVELLING_NS 5000000000u
#define LEVEL_EVERY_NS 500000000u
#define LEVEL_TOLERANCE 4       /* but not for less than a quarter of a share: connections come and go */

/* Beyond what a worker can hold: larger numbers in the region are garbage and count as this. */
#define MAX_LOAD 1000000u

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

/*
 *   FREE ── connect ──► GREETING ── hello ──► OPEN ── drain or leave ──► DRAINING
 *     ▲                     │                   │                           │
 *     ├──── end of file, bad message, time ─────┴───────────────────────────┤
 *     │                                                    with connections │ that are still here
 *     └──────────────────── the last of them has gone ─────────────────── ENDED
 */
enum lane_state {
        FREE,
        GREETING,
        OPEN,
        DRAINING,
        ENDED,
};

struct lane {
        enum lane_state state;
        int fd;                         /* ENDED: the worker's pidfd, or -1 */
        pid_t pid;
        int slot;
        int seat;
        int loop;
        uint64_t since_ns;
        enum lane_drain drain;
        bool drain_unsent;
        bool took_unsent;
        bool room_unsent;
        uint64_t room_at_ns;            /* not before: without descriptors there is no room for a while */
        bool custody_unsent;

        /*
         * Connections sent on this lane, the last of which, being not yet taken, are held here too; and what the worker's
         * counter of connections taken stood at when the lane began.
         */
        uint64_t sent;
        uint64_t counted_before;
        uint64_t progress_ns;
        bool asked;
        int held_count;
        struct arrival held[CREDIT];    /* behind the held ones, while a batch is put together: that batch */

        /* What the worker handed back, to be passed on. */
        int returned_count;
        struct arrival returned[LANE_BATCH];

        /* While connections are passed on: the load so far, whether the socket is full, what goes out next. */
        uint64_t load;
        bool full;
        int batch;
        uint64_t turn;                  /* the last one it was chosen in */
};

struct lanes {
        struct region *region;
        struct refusals *refusals;
        uint64_t patience_ns;
        uint64_t turn;
        uint64_t levelling_until_ns;    /* 0: nobody asked for it */
        uint64_t levelled_ns;
        int custody_count;
        int custody[LANE_LISTENERS];    /* the master's */
        struct wire_message message;
        int capacity;
        int used;                       /* lanes beyond this index were never in use: nobody need look at them */
        struct lane lane[];
};

struct lanes *lanes_new(struct region *region, struct refusals *refusals, uint64_t patience)
{
        int capacity = REGION_SLOTS * REGION_SEATS * region->loops;
        struct lanes *lanes = calloc(1, sizeof *lanes + (size_t) capacity * sizeof lanes->lane[0]);
        if (!lanes)
                return NULL;
        lanes->region = region;
        lanes->refusals = refusals;
        lanes->patience_ns = patience;
        lanes->capacity = capacity;
        return lanes;
}

void lanes_close_arrival(struct arrival *arrival)
{
        for (int i = 0; i < arrival->record.descriptors; i++)
                fd_close(&arrival->fds[i]);
}

static void close_arrivals(struct arrival *arrivals, int *count)
{
        for (int i = 0; i < *count; i++)
                lanes_close_arrival(&arrivals[i]);
        *count = 0;
}

void lanes_free(struct lanes *lanes)
{
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                if (lane->state == FREE)
                        continue;
                close_arrivals(lane->held, &lane->held_count);
                close_arrivals(lane->returned, &lane->returned_count);
                fd_close(&lane->fd);
        }
        free(lanes);
}

static pid_t peer_pid(int fd)
{
        struct ucred peer = {0};
        socklen_t length = sizeof peer;
        return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0 ? 0 : peer.pid;
}

int lanes_add(struct lanes *lanes, int fd, uint64_t now, int *ret_index)
{
        cleanup_close int owned = fd;
        for (int i = 0; i < lanes->capacity; i++) {
                struct lane *lane = &lanes->lane[i];
                if (lane->state != FREE)
                        continue;
                memset(lane, 0, sizeof *lane);
                lane->state = GREETING;
                lane->fd = fd_take(&owned);
                lane->pid = peer_pid(lane->fd);
                lane->since_ns = now;
                if (i >= lanes->used)
                        lanes->used = i + 1;
                *ret_index = i;
                return 0;
        }
        return -ENOSPC;
}

/* ---- what was taken */

static uint64_t counted(const struct lanes *lanes, const struct lane *lane)
{
        return region_loop_counter(lanes->region, lane->slot, lane->seat, lane->loop, COUNTER_CONNECTIONS_DISPATCHED) -
               lane->counted_before;
}

/* The worker has taken the oldest of what is held, so many of them: they are its alone from here on. */
static void release(struct lane *lane, int taken, uint64_t now)
{
        for (int i = 0; i < taken; i++)
                lanes_close_arrival(&lane->held[i]);
        lane->held_count -= taken;
        memmove(lane->held, lane->held + taken, (size_t) lane->held_count * sizeof lane->held[0]);
        lane->progress_ns = now;
}

/* Goes by the worker's counter in the region, if it says something that can be true. */
static void settle(const struct lanes *lanes, struct lane *lane, uint64_t now)
{
        uint64_t progress = counted(lanes, lane) - (lane->sent - (uint64_t) lane->held_count);
        if (lane->held_count > 0 && progress > 0 && progress <= (uint64_t) lane->held_count)
                release(lane, (int) progress, now);
}

static void end(struct lanes *lanes, struct lane *lane, const char *why, uint64_t now);

/* Goes by what the worker said; from here on its counter counts from there. */
static void acknowledge(struct lanes *lanes, struct lane *lane, uint32_t taken, uint64_t now)
{
        uint64_t known = lane->sent - (uint64_t) lane->held_count;
        int32_t progress = (int32_t) (taken - (uint32_t) known);
        if (progress > lane->held_count) {
                end(lanes, lane, "it acknowledged what it was not sent", now);
                return;
        }
        lane->asked = false;
        lane->progress_ns = now;
        if (progress > 0)
                release(lane, progress, now);
        uint64_t sum = counted(lanes, lane), least = lane->sent - (uint64_t) lane->held_count;
        if (sum < least || sum > lane->sent)
                lane->counted_before += sum - least;
}

static void ask(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        if (lane->held_count == 0 || lane->asked || now - lane->progress_ns < ASK_AFTER_NS)
                return;
        int failed = wire_send(lane->fd, LANE_ASK, 0);
        lane->asked = failed == 0;
        if (failed < 0 && !wire_is_full(failed))
                end(lanes, lane, strerror(-failed), now);
}

/* ---- the end of a lane */

static void free_if_empty(struct lane *lane)
{
        if (lane->held_count > 0 || lane->returned_count > 0)
                return;
        fd_close(&lane->fd);
        lane->state = FREE;
}

/* A pidfd of the process that connected. An older kernel knows but its number: then only within this moment. */
static int peer_pidfd(const struct lane *lane)
{
        int pidfd = -1;
        socklen_t length = sizeof pidfd;
        if (getsockopt(lane->fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &length) == 0)
                return pidfd;
        return lane->pid > 0 ? (int) syscall(SYS_pidfd_open, lane->pid, 0) : -1;
}

static void end(struct lanes *lanes, struct lane *lane, const char *why, uint64_t now)
{
        if (lane->state == GREETING) {
                log_warn("lane refused why=\"%s\"", why);
        } else {
                settle(lanes, lane, now);
                log_info("lane ended slot=%d seat=%d loop=%d why=\"%s\" untaken=%d", lane->slot, lane->seat, lane->loop,
                         why, lane->held_count);
        }
        int pidfd = lane->held_count + lane->returned_count > 0 ? peer_pidfd(lane) : -1;
        fd_close(&lane->fd);
        lane->fd = pidfd;
        lane->state = ENDED;
        free_if_empty(lane);
}

/* A process ends its descriptors before itself, so the end of a lane alone is no death. */
static bool is_dead(const struct lane *lane)
{
        struct pollfd ended = {.fd = lane->fd, .events = POLLIN};
        if (lane->fd >= 0)
                return poll(&ended, 1, 0) == 1;
        return lane->pid > 0 && kill(lane->pid, 0) < 0 && errno == ESRCH;
}

/* ---- messages */

static void send_or_end(struct lanes *lanes, struct lane *lane, int failed, bool *ret_unsent, uint64_t now)
{
        *ret_unsent = failed < 0 && wire_is_full(failed);
        if (failed < 0 && !*ret_unsent)
                end(lanes, lane, strerror(-failed), now);
}

static void send_drain(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        send_or_end(lanes, lane, wire_send(lane->fd, LANE_DRAIN, lane->drain), &lane->drain_unsent, now);
}

static void send_took(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        int failed = wire_send(lane->fd, LANE_TOOK, (uint32_t) lane->returned_count);
        send_or_end(lanes, lane, failed, &lane->took_unsent, now);
}

static void send_room(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        if (lane->returned_count == 0 && !lane->took_unsent && now >= lane->room_at_ns)
                send_or_end(lanes, lane, wire_send(lane->fd, LANE_ROOM, 0), &lane->room_unsent, now);
}

static void send_custody(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        if (lane->loop != 0 || lanes->custody_count == 0)
                return;
        int failed = wire_send_fds(lane->fd, LANE_CUSTODY, lanes->custody, lanes->custody_count);
        send_or_end(lanes, lane, failed, &lane->custody_unsent, now);
}

static void drain(struct lanes *lanes, struct lane *lane, enum lane_drain how, uint64_t now)
{
        if ((lane->state != OPEN && lane->state != DRAINING) || (lane->state == DRAINING && lane->drain == how))
                return;
        lane->state = DRAINING;
        lane->drain = how;
        log_info("lane draining slot=%d seat=%d loop=%d", lane->slot, lane->seat, lane->loop);
        send_drain(lanes, lane, now);
}

static bool is_open(const struct lane *lane)
{
        return lane->state == OPEN || lane->state == DRAINING;
}

static bool is_taken(const struct lanes *lanes, const struct lane_hello *hello)
{
        for (int i = 0; i < lanes->used; i++) {
                const struct lane *lane = &lanes->lane[i];
                if (is_open(lane) && lane->slot == (int) hello->slot && lane->seat == (int) hello->seat &&
                    lane->loop == (int) hello->loop)
                        return true;
        }
        return false;
}

static const char *check_hello(const struct lanes *lanes, const struct wire_message *message)
{
        const struct lane_hello *hello = &message->hello;
        if (message->length != sizeof *hello || message->head.type != LANE_HELLO)
                return "the first message was no hello";
        if (hello->version != LANE_PROTOCOL_VERSION)
                return "it speaks another version of the lane protocol";
        if (hello->slot < 1 || hello->slot > REGION_SLOTS || hello->seat >= REGION_SEATS ||
            hello->loop >= (uint32_t) lanes->region->loops)
                return "there is no such slot, seat or loop";
        if (is_taken(lanes, hello))
                return "its place is taken";
        return NULL;
}

static void greet(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        const struct lane_hello *hello = &lanes->message.hello;
        const char *why = check_hello(lanes, &lanes->message);
        if (why) {
                (void) wire_send(lane->fd, LANE_REFUSED, 0);
                end(lanes, lane, why, now);
                return;
        }
        lane->slot = (int) hello->slot;
        lane->seat = (int) hello->seat;
        lane->loop = (int) hello->loop;
        lane->counted_before = counted(lanes, lane);
        lane->state = OPEN;
        int failed = wire_send(lane->fd, LANE_WELCOME, 0);
        if (failed < 0) {
                end(lanes, lane, strerror(-failed), now);
                return;
        }
        log_info("lane opened slot=%d seat=%d loop=%d", lane->slot, lane->seat, lane->loop);
        send_custody(lanes, lane, now);
}

/* What a worker handed back is the master's once the worker was told: it keeps its copies until then. */
static void take_back(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        struct wire_message *message = &lanes->message;
        if (lane->returned_count > 0 || lane->room_unsent) {
                end(lanes, lane, "it handed back more than there was room for", now);
                return;
        }
        lane->room_unsent = true;
        lane->room_at_ns = message->cut ? now + ROOM_PAUSE_NS : now;
        if (message->cut) {             /* out of descriptors: the worker shall keep them */
                send_took(lanes, lane, now);
                return;
        }
        int count = wire_arrivals(message, now, lane->returned);
        if (count < 0) {
                end(lanes, lane, "it handed back what does not fit its records", now);
                return;
        }
        lane->returned_count = count;
        send_took(lanes, lane, now);
}

static void take_custody(struct lanes *lanes, struct lane *lane, uint64_t now, struct custody *ret_custody)
{
        struct wire_message *message = &lanes->message;
        if (message->fd_count > LANE_LISTENERS) {
                end(lanes, lane, "it brought too many listening sockets", now);
                return;
        }
        memcpy(ret_custody->fds, message->fds, (size_t) message->fd_count * sizeof message->fds[0]);
        ret_custody->count = message->fd_count;
        message->fd_count = 0;
}

/* A later DRAIN replaces the wish to hand over; one that leaves of itself is replaced by a successor or by nobody. */
static enum lane_drain drain_of(const struct lanes *lanes, int slot, int seat)
{
        enum lane_drain found = DRAIN_ALONE;
        for (int i = 0; i < lanes->used; i++) {
                const struct lane *lane = &lanes->lane[i];
                if (lane->state != OPEN || (lane->slot == slot && (seat < 0 || lane->seat == seat)))
                        continue;
                if (lane->slot == slot)
                        return DRAIN_RESTART;
                found = DRAIN_SCALE;
        }
        return found;
}

static void heed(struct lanes *lanes, struct lane *lane, uint64_t now, struct custody *ret_custody)
{
        struct wire_message *message = &lanes->message;
        if (lane->state == GREETING) {
                greet(lanes, lane, now);
                return;
        }
        bool bare = message->length == sizeof message->head;
        switch (message->length < sizeof message->head ? 0 : message->head.type) {
        case LANE_RETURN:
                take_back(lanes, lane, now);
                return;
        case LANE_LEAVE:
                if (bare) {
                        if (lane->state == OPEN)
                                drain(lanes, lane, drain_of(lanes, lane->slot, lane->seat), now);
                        return;
                }
                break;
        case LANE_ACK:
                if (bare) {
                        acknowledge(lanes, lane, message->head.count, now);
                        return;
                }
                break;
        case LANE_CUSTODY:
                if (bare) {
                        take_custody(lanes, lane, now, ret_custody);
                        return;
                }
                break;
        default:
                break;
        }
        end(lanes, lane, "a message that is none", now);
}

void lanes_receive(struct lanes *lanes, int index, uint64_t now, struct custody *ret_custody)
{
        struct lane *lane = &lanes->lane[index];
        ret_custody->count = 0;
        if (lane->state == FREE || lane->state == ENDED)
                return;         /* ended by an event earlier in the same turn */

        int received = wire_receive(lane->fd, &lanes->message);
        if (received == -EAGAIN || received == -EINTR)
                return;
        if (received <= 0)
                end(lanes, lane, received < 0 ? strerror(-received) : "the worker closed it", now);
        else
                heed(lanes, lane, now, ret_custody);
        if (received >= 0)
                wire_close_fds(&lanes->message);
}

/* ---- choosing */

static uint64_t clamped(uint64_t number)
{
        return number < MAX_LOAD ? number : MAX_LOAD;
}

/* A heartbeat is written a moment before it is read; one from the future is garbage. */
static bool is_fresh(const struct lanes *lanes, const struct lane *lane, uint64_t now)
{
        uint64_t beat = region_loop_heartbeat(lanes->region, lane->slot, lane->seat, lane->loop);
        return now - beat <= FRESH_NS || beat - now <= FRESH_NS;
}

static uint64_t gauge(const struct lanes *lanes, const struct lane *lane, enum counter counter)
{
        return clamped(region_loop_counter(lanes->region, lane->slot, lane->seat, lane->loop, counter));
}

/* Open connections by the worker's own gauges, and those on their way to it. */
static uint64_t load_of(const struct lanes *lanes, const struct lane *lane)
{
        return (uint64_t) lane->held_count + gauge(lanes, lane, COUNTER_CONNECTIONS_READING) +
               gauge(lanes, lane, COUNTER_CONNECTIONS_WRITING) + gauge(lanes, lane, COUNTER_CONNECTIONS_IDLE);
}

bool lanes_ready(const struct lanes *lanes, uint64_t now)
{
        for (int i = 0; i < lanes->used; i++) {
                const struct lane *lane = &lanes->lane[i];
                if (lane->state == OPEN && lane->held_count < CREDIT && is_fresh(lanes, lane, now))
                        return true;
        }
        return false;
}

static void weigh(struct lanes *lanes, uint64_t now)
{
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                lane->batch = 0;
                if (lane->state != OPEN)
                        continue;
                settle(lanes, lane, now);
                lane->full = !is_fresh(lanes, lane, now);
                lane->load = load_of(lanes, lane);
        }
}

static bool has_credit(const struct lane *lane)
{
        return lane->held_count + lane->batch < CREDIT;
}

static bool takes_more(const struct lane *lane, const struct lane *except)
{
        return lane->state == OPEN && lane != except && !lane->full && has_credit(lane);
}

/*
 * Of the lanes whose load is within a quarter of the least the one that waits the longest. Always the very least would give
 * all that come and go quickly to one of them, which had one connection less of those that stay.
 */
static struct lane *lightest(struct lanes *lanes, const struct lane *except)
{
        uint64_t least = UINT64_MAX;
        for (int i = 0; i < lanes->used; i++)
                if (takes_more(&lanes->lane[i], except) && lanes->lane[i].load < least)
                        least = lanes->lane[i].load;
        struct lane *best = NULL;
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                if (takes_more(lane, except) && lane->load <= least + least / 4 && (!best || lane->turn < best->turn))
                        best = lane;
        }
        return best;
}

/* ---- passing on */

/* Sends a lane's batch. What it does not take goes back to the front of the array, in order. */
static int flush(struct lanes *lanes, struct lane *lane, struct arrival *left, int left_count, uint64_t now)
{
        struct arrival *batch = lane->held + lane->held_count;
        int count = lane->batch;
        int failed = wire_send_arrivals(lane->fd, LANE_DISPATCH, batch, count);
        lane->batch = 0;
        if (failed == 0) {
                if (lane->held_count == 0)
                        lane->progress_ns = now;
                lane->sent += (uint64_t) count;
                lane->held_count += count;
                return left_count;
        }
        memcpy(left + left_count, batch, (size_t) count * sizeof left[0]);
        lane->full = true;
        if (!wire_is_full(failed))
                end(lanes, lane, strerror(-failed), now);
        return left_count + count;
}

static int pass_on(struct lanes *lanes, const struct lane *from, struct arrival *arrivals, int count, uint64_t now)
{
        weigh(lanes, now);
        while (count > 0 && lightest(lanes, from)) {
                int left = 0;
                for (int i = 0; i < count; i++) {
                        struct lane *lane = lightest(lanes, from);
                        if (lane) {
                                lane->held[lane->held_count + lane->batch++] = arrivals[i];
                                lane->load++;
                                lane->turn = ++lanes->turn;
                        } else {
                                arrivals[left++] = arrivals[i];
                        }
                }
                count = left;
                for (int i = 0; i < lanes->used; i++)
                        if (lanes->lane[i].batch > 0)
                                count = flush(lanes, &lanes->lane[i], arrivals, count, now);
        }
        return count;
}

int lanes_dispatch(struct lanes *lanes, struct arrival *arrivals, int count, uint64_t now)
{
        return pass_on(lanes, NULL, arrivals, count, now);
}

static void refuse(struct lanes *lanes, struct arrival *arrival, uint64_t now)
{
        int client = fd_take(&arrival->fds[0]);
        lanes_close_arrival(arrival);
        refusals_add(lanes->refusals, client, arrival->record.stage, now);
}

/* Gives up on what nobody took for too long, or on all of it. */
static int refuse_late(struct lanes *lanes, struct arrival *arrivals, int count, bool all, uint64_t now)
{
        int kept = 0;
        for (int i = 0; i < count; i++) {
                if (all || now - arrivals[i].since_ns > lanes->patience_ns)
                        refuse(lanes, &arrivals[i], now);
                else
                        arrivals[kept++] = arrivals[i];
        }
        if (kept < count)
                log_warn("connections refused count=%d why=\"no worker took what another handed over\"", count - kept);
        return kept;
}

static bool has_sibling(const struct lanes *lanes, const struct lane *except)
{
        for (int i = 0; i < lanes->used; i++)
                if (lanes->lane[i].state == OPEN && &lanes->lane[i] != except)
                        return true;
        return false;
}

/* Nobody is there who could take what a worker handed back: it gets it again, to finish it alone. */
static void give_back(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        if (lane->state == DRAINING)
                drain(lanes, lane, DRAIN_ALONE, now);
        int room = CREDIT - lane->held_count;
        int count = lane->returned_count < room ? lane->returned_count : room;
        if (!is_open(lane) || lane->drain_unsent || count == 0)
                return;
        memcpy(lane->held + lane->held_count, lane->returned, (size_t) count * sizeof lane->held[0]);
        lane->returned_count -= count;
        memmove(lane->returned, lane->returned + count, (size_t) lane->returned_count * sizeof lane->returned[0]);
        lane->batch = count;
        lane->returned_count = flush(lanes, lane, lane->returned, lane->returned_count, now);
        if (lane->state == FREE)
                lane->returned_count = refuse_late(lanes, lane->returned, lane->returned_count, true, now);
}

static void pass_on_returned(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        lane->returned_count = pass_on(lanes, lane, lane->returned, lane->returned_count, now);
        if (lane->returned_count == 0)
                return;
        bool alone = !has_sibling(lanes, lane);
        if (alone && is_open(lane))
                give_back(lanes, lane, now);
        if (lane->returned_count > 0)
                lane->returned_count = refuse_late(lanes, lane->returned, lane->returned_count,
                                                   alone && lane->state == ENDED, now);
}

/* What a dead worker had not taken goes to others. Its counter was complete before it died. */
static void pass_on_held(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        if (!is_dead(lane))
                return;
        settle(lanes, lane, now);
        lane->held_count = pass_on(lanes, lane, lane->held, lane->held_count, now);
        lane->held_count = refuse_late(lanes, lane->held, lane->held_count, false, now);
}

/* ---- what is due */

static void tend_open(struct lanes *lanes, struct lane *lane, uint64_t now)
{
        settle(lanes, lane, now);
        if (is_open(lane) && lane->drain_unsent)
                send_drain(lanes, lane, now);
        if (is_open(lane) && lane->custody_unsent)
                send_custody(lanes, lane, now);
        if (is_open(lane) && lane->took_unsent)
                send_took(lanes, lane, now);
        if (is_open(lane))
                ask(lanes, lane, now);
}

/*
 * Asks the lanes above their fair share by more than a 1/tolerance of it (0: by any) for what they have too many, instead of
 * what they were asked for before. Returns how many.
 */
static int level(struct lanes *lanes, uint64_t tolerance, uint64_t now)
{
        uint64_t total = 0, open = 0;
        int asked = 0;
        lanes->levelled_ns = now;
        weigh(lanes, now);
        for (int i = 0; i < lanes->used; i++) {
                if (lanes->lane[i].state == OPEN && !lanes->lane[i].full) {
                        total += lanes->lane[i].load;
                        open++;
                }
        }
        uint64_t fair = open > 0 ? (total + open - 1) / open : 0;
        uint64_t most = tolerance > 0 ? fair + fair / tolerance : fair;
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                if (lane->state != OPEN || lane->full || lane->load <= most)
                        continue;
                int surplus = (int) (lane->load - fair);
                if (wire_send(lane->fd, LANE_REBALANCE, (uint32_t) surplus) == 0)
                        asked += surplus;
        }
        return asked;
}

static void tend_levels(struct lanes *lanes, uint64_t now)
{
        if (now < lanes->levelling_until_ns && now - lanes->levelled_ns >= LEVEL_EVERY_NS)
                (void) level(lanes, LEVEL_TOLERANCE, now);
}

void lanes_tend(struct lanes *lanes, uint64_t now)
{
        tend_levels(lanes, now);
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                if (lane->state == GREETING && now - lane->since_ns > HELLO_TIMEOUT_NS)
                        end(lanes, lane, "no hello in time", now);
                if (is_open(lane))
                        tend_open(lanes, lane, now);
                if (lane->state == FREE)
                        continue;
                /* A worker that lives and was not told that they are ours serves them itself. */
                if (lane->returned_count > 0 && (!lane->took_unsent || (lane->state == ENDED && is_dead(lane))))
                        pass_on_returned(lanes, lane, now);
                if (is_open(lane) && lane->room_unsent)
                        send_room(lanes, lane, now);
                if (lane->state == ENDED) {
                        if (lane->held_count > 0)
                                pass_on_held(lanes, lane, now);
                        free_if_empty(lane);
                }
        }
}

/* ---- draining, balancing, custody, counting */

int lanes_drain(struct lanes *lanes, int slot, int seat)
{
        enum lane_drain how = drain_of(lanes, slot, seat);
        int drained = 0;
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                if (is_open(lane) && lane->slot == slot && (seat < 0 || lane->seat == seat)) {
                        drain(lanes, lane, how, monotonic_ns());
                        drained++;
                }
        }
        return drained;
}

void lanes_drain_all(struct lanes *lanes)
{
        uint64_t now = monotonic_ns();
        for (int i = 0; i < lanes->used; i++) {
                if (lanes->lane[i].state == GREETING)
                        end(lanes, &lanes->lane[i], "the master is stopping", now);
                else
                        drain(lanes, &lanes->lane[i], DRAIN_ALONE, now);
        }
}

int lanes_rebalance(struct lanes *lanes, uint64_t now)
{
        lanes->levelling_until_ns = now + LEVELLING_NS;
        return level(lanes, 0, now);
}

void lanes_set_custody(struct lanes *lanes, const int *fds, int count)
{
        memcpy(lanes->custody, fds, (size_t) count * sizeof fds[0]);
        lanes->custody_count = count;
        for (int i = 0; i < lanes->used; i++)
                if (lanes->lane[i].state == OPEN)
                        send_custody(lanes, &lanes->lane[i], monotonic_ns());
}

static int count(const struct lanes *lanes, enum lane_state least)
{
        int found = 0;
        for (int i = 0; i < lanes->used; i++)
                found += lanes->lane[i].state >= least && lanes->lane[i].state < ENDED;
        return found;
}

int lanes_count(const struct lanes *lanes)
{
        return count(lanes, OPEN);
}

int lanes_draining(const struct lanes *lanes)
{
        return count(lanes, DRAINING);
}

int lanes_connected(const struct lanes *lanes)
{
        return count(lanes, GREETING);
}

bool lanes_settled(const struct lanes *lanes)
{
        for (int i = 0; i < lanes->used; i++)
                if (lanes->lane[i].state != FREE && lanes->lane[i].held_count + lanes->lane[i].returned_count > 0)
                        return false;
        return true;
}

bool lanes_waiting(const struct lanes *lanes)
{
        for (int i = 0; i < lanes->used; i++) {
                const struct lane *lane = &lanes->lane[i];
                if (lane->state == ENDED || (is_open(lane) && (lane->drain_unsent || lane->took_unsent ||
                                                               lane->custody_unsent || lane->room_unsent ||
                                                               (lane->held_count > 0 && !lane->asked))))
                        return true;
        }
        return false;
}
