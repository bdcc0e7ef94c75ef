/*
 * Lanes: one SOCK_SEQPACKET connection for each event loop of each worker, on which descriptors travel. The wire is drawn
 * in docs/formats/lane.md.
 */
#ifndef DROVER_LANES_H
#define DROVER_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "region.h"

#define LANE_PROTOCOL_VERSION 1
#define LANE_BATCH 64

enum lane_message_type {
        LANE_HELLO = 1,
        LANE_LEAVE = 2,
        LANE_WELCOME = 16,
        LANE_DISPATCH = 17,
        LANE_DRAIN = 18,
};

/* What every message begins with. */
struct lane_head {
        uint32_t type;
        uint32_t count;
};

struct lane_hello {
        struct lane_head head;
        uint32_t version;
        uint32_t slot;
        uint32_t seat;
        uint32_t loop;
};

/* What the worker is told of one connection. */
struct lane_record {
        uint64_t sequence;
        uint64_t accepted_at_ns;        /* CLOCK_REALTIME */
        uint8_t address[16];
        uint16_t family;                /* 4 or 6 */
        uint16_t port;
        uint32_t zero;
};

_Static_assert(sizeof(struct lane_head) == 8, "as drawn in lane.md");
_Static_assert(sizeof(struct lane_hello) == 24, "as drawn in lane.md");
_Static_assert(sizeof(struct lane_record) == 40, "as drawn in lane.md");

/* An accepted connection that waits for a lane. */
struct arrival {
        int fd;
        struct lane_record record;
        uint64_t since_ns;              /* CLOCK_MONOTONIC */
};

struct lanes;

/* Room for every loop of every seat. The region must outlive it. Returns NULL out of memory. */
struct lanes *lanes_new(struct region *region);
void lanes_free(struct lanes *lanes);

/*
 * Takes a worker's connection over; index says which lane it is from here on, for lanes_receive. Returns 0, or -ENOSPC,
 * and then the descriptor is closed.
 */
int lanes_add(struct lanes *lanes, int fd, uint64_t now_ns, int *ret_index);

/* Reads what a lane's worker sent. A lane that ended or misbehaved is closed. */
void lanes_receive(struct lanes *lanes, int index);

/* Closes lanes that did not say hello in time, and sends again what could not be sent. */
void lanes_tend(struct lanes *lanes, uint64_t now_ns);

/* Whether some lane may be given a connection. */
bool lanes_ready(const struct lanes *lanes, uint64_t now_ns);

/*
 * Passes arrivals to the lanes with the fewest connections, at most LANE_BATCH of them. The descriptors that were taken
 * are closed here; what no lane took is left at the front of the array. Returns how many are left.
 */
int lanes_dispatch(struct lanes *lanes, struct arrival *arrivals, int count, uint64_t now_ns);

/* Sends DRAIN to the lanes of a slot, or of one of its seats (-1: both). Returns how many there were. */
int lanes_drain(struct lanes *lanes, int slot, int seat);
void lanes_drain_all(struct lanes *lanes);

/* How many said hello and have not ended; how many of them drain; how many connections there are, greeted or not. */
int lanes_count(const struct lanes *lanes);
int lanes_draining(const struct lanes *lanes);
int lanes_connected(const struct lanes *lanes);

/* Whether a DRAIN waits for room in a lane. */
bool lanes_unsent(const struct lanes *lanes);

#endif
