#include "lanes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "fd.h"
#include "log.h"

#define HELLO_TIMEOUT_NS 5000000000u
#define FRESH_NS 1000000000u

/* Beyond what a worker can hold: larger numbers in the region are garbage and count as this. */
#define MAX_LOAD 1000000u

/*
 *   FREE ── connect ──► GREETING ── hello ──► OPEN ── drain or leave ──► DRAINING
 *     ▲                     │                   │                           │
 *     └──── end of file, bad message, time ─────┴───────────────────────────┘
 */
enum lane_state {
        FREE,
        GREETING,
        OPEN,
        DRAINING,
};

struct lane {
        enum lane_state state;
        int fd;
        int slot;
        int seat;
        int loop;
        uint64_t since_ns;
        bool drain_unsent;

        /* Connections sent on this lane, and what the worker's counter of connections taken stood at when it began. */
        uint64_t sent;
        uint64_t taken_before;

        /* While connections are passed on: the load so far, whether the socket is full, what goes out next. */
        uint64_t load;
        bool full;
        int batch;
        struct arrival arrivals[LANE_BATCH];
};

struct lanes {
        struct region *region;
        int capacity;
        int used;               /* lanes beyond this index were never in use: nobody need look at them */
        struct lane lane[];
};

struct lanes *lanes_new(struct region *region)
{
        int capacity = REGION_SLOTS * REGION_SEATS * region->loops;
        struct lanes *lanes = calloc(1, sizeof *lanes + (size_t) capacity * sizeof lanes->lane[0]);
        if (!lanes)
                return NULL;
        lanes->region = region;
        lanes->capacity = capacity;
        return lanes;
}

void lanes_free(struct lanes *lanes)
{
        for (int i = 0; i < lanes->used; i++)
                if (lanes->lane[i].state != FREE)
                        fd_close(&lanes->lane[i].fd);
        free(lanes);
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
                lane->since_ns = now;
                if (i >= lanes->used)
                        lanes->used = i + 1;
                *ret_index = i;
                return 0;
        }
        return -ENOSPC;
}

/* ---- messages */

static uint64_t taken(const struct lanes *lanes, const struct lane *lane)
{
        return region_loop_counter(lanes->region, lane->slot, lane->seat, lane->loop, COUNTER_CONNECTIONS_DISPATCHED);
}

static void end(struct lane *lane, const char *why)
{
        if (lane->state == GREETING)
                log_warn("lane refused why=\"%s\"", why);
        else
                log_info("lane ended slot=%d seat=%d loop=%d why=\"%s\"", lane->slot, lane->seat, lane->loop, why);
        fd_close(&lane->fd);
        lane->state = FREE;
}

static void send_drain(struct lane *lane)
{
        struct lane_head drain = {.type = LANE_DRAIN};
        ssize_t sent = send(lane->fd, &drain, sizeof drain, MSG_NOSIGNAL | MSG_DONTWAIT);
        lane->drain_unsent = sent < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOBUFS);
        if (sent < 0 && !lane->drain_unsent)
                end(lane, strerror(errno));
}

static void drain(struct lane *lane)
{
        if (lane->state != OPEN)
                return;
        lane->state = DRAINING;
        log_info("lane draining slot=%d seat=%d loop=%d", lane->slot, lane->seat, lane->loop);
        send_drain(lane);
}

static bool is_taken(const struct lanes *lanes, const struct lane_hello *hello)
{
        for (int i = 0; i < lanes->used; i++) {
                const struct lane *lane = &lanes->lane[i];
                if (lane->state > GREETING && lane->slot == (int) hello->slot && lane->seat == (int) hello->seat &&
                    lane->loop == (int) hello->loop)
                        return true;
        }
        return false;
}

static const char *check_hello(const struct lanes *lanes, const struct lane_hello *hello, size_t length)
{
        if (length != sizeof *hello || hello->head.type != LANE_HELLO)
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

static void greet(struct lanes *lanes, struct lane *lane, const struct lane_hello *hello, size_t length)
{
        const struct lane_head welcome = {.type = LANE_WELCOME};
        const char *why = check_hello(lanes, hello, length);
        if (why) {
                end(lane, why);
                return;
        }
        lane->slot = (int) hello->slot;
        lane->seat = (int) hello->seat;
        lane->loop = (int) hello->loop;
        lane->taken_before = taken(lanes, lane);
        lane->state = OPEN;
        if (send(lane->fd, &welcome, sizeof welcome, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
                end(lane, strerror(errno));
                return;
        }
        log_info("lane opened slot=%d seat=%d loop=%d", lane->slot, lane->seat, lane->loop);
}

void lanes_receive(struct lanes *lanes, int index)
{
        struct lane *lane = &lanes->lane[index];
        union {
                struct lane_head head;
                struct lane_hello hello;
                unsigned char bytes[sizeof(struct lane_hello) + 1];
        } message = {0};
        if (lane->state == FREE)
                return;         /* ended by an event earlier in the same turn */

        ssize_t length = recv(lane->fd, &message, sizeof message, MSG_DONTWAIT);
        if (length < 0 && (errno == EAGAIN || errno == EINTR))
                return;
        if (length <= 0) {
                end(lane, length < 0 ? strerror(errno) : "the worker closed it");
                return;
        }
        if (lane->state == GREETING)
                greet(lanes, lane, &message.hello, (size_t) length);
        else if (length == sizeof message.head && message.head.type == LANE_LEAVE)
                drain(lane);
        else
                end(lane, "a message that is none");
}

void lanes_tend(struct lanes *lanes, uint64_t now)
{
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                if (lane->state == GREETING && now - lane->since_ns > HELLO_TIMEOUT_NS)
                        end(lane, "no hello in time");
                else if (lane->state == DRAINING && lane->drain_unsent)
                        send_drain(lane);
        }
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

/* Open connections by the worker's own gauges, and those on their way to it. */
static uint64_t load_of(const struct lanes *lanes, const struct lane *lane)
{
        static const enum counter open[] = {
                COUNTER_CONNECTIONS_READING,
                COUNTER_CONNECTIONS_WRITING,
                COUNTER_CONNECTIONS_IDLE,
        };
        uint64_t arrived = taken(lanes, lane) - lane->taken_before;
        uint64_t load = arrived < lane->sent ? clamped(lane->sent - arrived) : 0;
        for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
                load += clamped(region_loop_counter(lanes->region, lane->slot, lane->seat, lane->loop, open[i]));
        return load;
}

bool lanes_ready(const struct lanes *lanes, uint64_t now)
{
        for (int i = 0; i < lanes->used; i++)
                if (lanes->lane[i].state == OPEN && is_fresh(lanes, &lanes->lane[i], now))
                        return true;
        return false;
}

static void weigh(struct lanes *lanes, uint64_t now)
{
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                lane->batch = 0;
                if (lane->state != OPEN)
                        continue;
                lane->full = !is_fresh(lanes, lane, now);
                lane->load = load_of(lanes, lane);
        }
}

static struct lane *lightest(struct lanes *lanes)
{
        struct lane *best = NULL;
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                if (lane->state == OPEN && !lane->full && (!best || lane->load < best->load))
                        best = lane;
        }
        return best;
}

/* ---- passing on */

static int send_batch(struct lane *lane)
{
        struct lane_head head = {.type = LANE_DISPATCH, .count = (uint32_t) lane->batch};
        struct lane_record records[LANE_BATCH];
        union {
                struct cmsghdr align;
                unsigned char bytes[CMSG_SPACE(LANE_BATCH * sizeof(int))];
        } control = {0};
        size_t fds_size = (size_t) lane->batch * sizeof(int);
        struct iovec parts[] = {
                {.iov_base = &head, .iov_len = sizeof head},
                {.iov_base = records, .iov_len = (size_t) lane->batch * sizeof records[0]},
        };
        struct msghdr message = {
                .msg_iov = parts,
                .msg_iovlen = 2,
                .msg_control = control.bytes,
                .msg_controllen = CMSG_SPACE(fds_size),
        };
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(fds_size);
        for (int i = 0; i < lane->batch; i++) {
                records[i] = lane->arrivals[i].record;
                memcpy(CMSG_DATA(rights) + (size_t) i * sizeof(int), &lane->arrivals[i].fd, sizeof(int));
        }
        return sendmsg(lane->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* Sends a lane's batch. What it does not take goes back to the front of the array, in order. */
static int flush(struct lane *lane, struct arrival *left, int left_count)
{
        int failed = send_batch(lane);
        if (failed == 0) {
                lane->sent += (uint64_t) lane->batch;
                for (int i = 0; i < lane->batch; i++)
                        fd_close(&lane->arrivals[i].fd);
        } else {
                memcpy(left + left_count, lane->arrivals, (size_t) lane->batch * sizeof left[0]);
                left_count += lane->batch;
                lane->full = true;
                if (failed != -EAGAIN && failed != -ETOOMANYREFS && failed != -ENOBUFS && failed != -EINTR)
                        end(lane, strerror(-failed));
        }
        lane->batch = 0;
        return left_count;
}

int lanes_dispatch(struct lanes *lanes, struct arrival *arrivals, int count, uint64_t now)
{
        weigh(lanes, now);
        while (count > 0 && lightest(lanes)) {
                for (int i = 0; i < count; i++) {
                        struct lane *lane = lightest(lanes);
                        lane->arrivals[lane->batch++] = arrivals[i];
                        lane->load++;
                }
                count = 0;
                for (int i = 0; i < lanes->used; i++)
                        if (lanes->lane[i].batch > 0)
                                count = flush(&lanes->lane[i], arrivals, count);
        }
        return count;
}

/* ---- draining and counting */

int lanes_drain(struct lanes *lanes, int slot, int seat)
{
        int drained = 0;
        for (int i = 0; i < lanes->used; i++) {
                struct lane *lane = &lanes->lane[i];
                if (lane->state > GREETING && lane->slot == slot && (seat < 0 || lane->seat == seat)) {
                        drain(lane);
                        drained++;
                }
        }
        return drained;
}

void lanes_drain_all(struct lanes *lanes)
{
        for (int i = 0; i < lanes->used; i++) {
                if (lanes->lane[i].state == GREETING)
                        end(&lanes->lane[i], "the master is stopping");
                else
                        drain(&lanes->lane[i]);
        }
}

static int count(const struct lanes *lanes, enum lane_state least)
{
        int found = 0;
        for (int i = 0; i < lanes->used; i++)
                found += lanes->lane[i].state >= least;
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

bool lanes_unsent(const struct lanes *lanes)
{
        for (int i = 0; i < lanes->used; i++)
                if (lanes->lane[i].state == DRAINING && lanes->lane[i].drain_unsent)
                        return true;
        return false;
}
