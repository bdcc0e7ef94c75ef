/*
 * Lanes: one SOCK_SEQPACKET connection for each event loop of each worker, on which descriptors travel. The wire is drawn
 * in docs/formats/lane.md.
 *
 * A connection that was sent is kept here too until its worker has taken it. Its worker's death is the only thing that
 * sends it to another; however long a worker is silent, no other gets what was sent to it, or two would read one client.
 */
#ifndef DROVER_LANES_H
#define DROVER_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "refusals.h"
#include "region.h"

#define LANE_PROTOCOL_VERSION 2
#define LANE_BATCH 64

/* A connection's descriptors: its socket, then what a worker that hands it over sends along. */
#define LANE_DESCRIPTORS 3

/* Listening sockets in one message, as many as a master may have. */
#define LANE_LISTENERS 16

enum lane_message_type {
        LANE_HELLO = 1,
        LANE_LEAVE = 2,
        LANE_ACK = 3,
        LANE_RETURN = 4,
        LANE_WELCOME = 16,
        LANE_DISPATCH = 17,
        LANE_DRAIN = 18,
        LANE_ASK = 19,
        LANE_TOOK = 20,
        LANE_REBALANCE = 21,
        LANE_REFUSED = 22,
        LANE_ROOM = 23,
        LANE_CUSTODY = 32,
};

/* The count of a DRAIN: whether there is somebody to hand connections to, and why. */
enum lane_drain {
        DRAIN_ALONE = 0,
        DRAIN_RESTART = 1,
        DRAIN_SCALE = 2,
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
        uint16_t descriptors;           /* how many are this connection's, 1 to LANE_DESCRIPTORS */
        uint16_t stage;                 /* enum lane_stage */
        uint64_t since_ns;              /* CLOCK_MONOTONIC: when it came to this stage */
};

_Static_assert(sizeof(struct lane_head) == 8, "as drawn in lane.md");
_Static_assert(sizeof(struct lane_hello) == 24, "as drawn in lane.md");
_Static_assert(sizeof(struct lane_record) == 48, "as drawn in lane.md");

/* A connection that waits for a lane, or for its worker to take it. */
struct arrival {
        int fds[LANE_DESCRIPTORS];      /* as many as the record says */
        struct lane_record record;
        uint64_t since_ns;              /* CLOCK_MONOTONIC: when it came here */
};

/* Listening sockets that a worker had in custody; whoever gets this owns them. */
struct custody {
        int count;
        int fds[LANE_LISTENERS];
};

struct lanes;

/*
 * Room for every loop of every seat. The region and the refusals must outlive it. What a worker handed back and nobody
 * takes for longer than the patience is refused. Returns NULL out of memory.
 */
struct lanes *lanes_new(struct region *region, struct refusals *refusals, uint64_t patience_ns);
void lanes_free(struct lanes *lanes);

/*
 * Takes a worker's connection over; index says which lane it is from here on, for lanes_receive. Returns 0, or -ENOSPC,
 * and then the descriptor is closed.
 */
int lanes_add(struct lanes *lanes, int fd, uint64_t now_ns, int *ret_index);

/* Reads one message of a lane's worker. A lane that ended or misbehaved is closed. */
void lanes_receive(struct lanes *lanes, int index, uint64_t now_ns, struct custody *ret_custody);

/*
 * What is due: lets go of what workers have taken, asks those that seem not to, passes on what was handed back and what
 * the dead have left, closes lanes that did not say hello in time, and sends again what could not be sent.
 */
void lanes_tend(struct lanes *lanes, uint64_t now_ns);

/* Whether some lane may be given a connection. */
bool lanes_ready(const struct lanes *lanes, uint64_t now_ns);

/*
 * Passes arrivals to the lanes with the fewest connections, at most LANE_BATCH of them. What no lane took is left at the
 * front of the array. Returns how many are left.
 */
int lanes_dispatch(struct lanes *lanes, struct arrival *arrivals, int count, uint64_t now_ns);

/* Closes the descriptors of an arrival. */
void lanes_close_arrival(struct arrival *arrival);

/* Sends DRAIN to the lanes of a slot, or of one of its seats (-1: both). Returns how many there were. */
int lanes_drain(struct lanes *lanes, int slot, int seat);

/* Tells all lanes to drain, each by itself. */
void lanes_drain_all(struct lanes *lanes);

/*
 * Asks loops above their fair share to hand back what they have too many, each when it is idle. Returns how many were asked
 * for. lanes_tend() asks again for 5 s, for the sake of workers that have just begun.
 */
int lanes_rebalance(struct lanes *lanes, uint64_t now_ns);

/* Gives each worker copies of these listening sockets, now and when it comes. They stay the caller's. */
void lanes_set_custody(struct lanes *lanes, const int *fds, int count);

/* How many said hello and have not ended; how many of them drain; how many connections there are, greeted or not. */
int lanes_count(const struct lanes *lanes);
int lanes_draining(const struct lanes *lanes);
int lanes_connected(const struct lanes *lanes);

/* Whether every connection that was sent is its worker's, and none that was handed back is here. */
bool lanes_settled(const struct lanes *lanes);

/* Whether something is due soon of which no event will tell. */
bool lanes_waiting(const struct lanes *lanes);

#endif
