/* Messages on a lane, with the descriptors that travel along; docs/formats/lane.md. */
#ifndef DROVER_WIRE_H
#define DROVER_WIRE_H

#include <stdbool.h>
#include <sys/types.h>

#include "lanes.h"

#define WIRE_DESCRIPTORS (LANE_BATCH * LANE_DESCRIPTORS)

/* A message that was received. Whoever gets it owns its descriptors. */
struct wire_message {
        union {
                struct lane_head head;
                struct lane_hello hello;
                struct {
                        struct lane_head records_head;
                        struct lane_record records[LANE_BATCH];
                };
                unsigned char bytes[sizeof(struct lane_head) + LANE_BATCH * sizeof(struct lane_record)];
        };
        size_t length;
        bool cut;                       /* bytes or descriptors were lost on the way */
        int fd_count;
        int fds[WIRE_DESCRIPTORS + 1];  /* the kernel also fills the padding; see cmsg(3) */
};

/* Sends a message without records. Returns 0 or -errno. */
int wire_send(int lane, enum lane_message_type type, uint32_t count);

/* Sends copies of descriptors, without records. Returns 0 or -errno. */
int wire_send_fds(int lane, enum lane_message_type type, const int *fds, int count);

/* Sends copies of connections. Returns 0 or -errno. */
int wire_send_arrivals(int lane, enum lane_message_type type, const struct arrival *arrivals, int count);

/* Whether a send failed only for want of room just now. */
bool wire_is_full(int failed);

/* Receives one message. Returns 1; 0 if the lane has ended; or -errno. */
int wire_receive(int lane, struct wire_message *ret_message);

void wire_close_fds(struct wire_message *message);

/*
 * Makes arrivals of a message's records. Returns how many, and they own the descriptors; or -EPROTO if records and
 * descriptors do not fit, and then nothing was taken.
 */
int wire_arrivals(struct wire_message *message, uint64_t now_ns, struct arrival *ret_arrivals);

#endif
