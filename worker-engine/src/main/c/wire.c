#include "wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "fd.h"

union control {
        struct cmsghdr align;
        unsigned char bytes[CMSG_SPACE(WIRE_DESCRIPTORS * sizeof(int))];
};

int wire_send(int lane, enum lane_message_type type, uint32_t count)
{
        const struct lane_head head = {.type = type, .count = count};
        return send(lane, &head, sizeof head, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

static int send_message(int lane, struct iovec *parts, size_t part_count, const int *fds, int fd_count)
{
        union control control = {0};
        size_t size = (size_t) fd_count * sizeof(int);
        struct msghdr message = {
                .msg_iov = parts,
                .msg_iovlen = part_count,
                .msg_control = control.bytes,
                .msg_controllen = CMSG_SPACE(size),
        };
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(size);
        memcpy(CMSG_DATA(rights), fds, size);
        return sendmsg(lane, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

int wire_send_fds(int lane, enum lane_message_type type, const int *fds, int count)
{
        struct lane_head head = {.type = type, .count = (uint32_t) count};
        struct iovec part = {.iov_base = &head, .iov_len = sizeof head};
        return send_message(lane, &part, 1, fds, count);
}

int wire_send_arrivals(int lane, enum lane_message_type type, const struct arrival *arrivals, int count)
{
        struct lane_head head = {.type = type, .count = (uint32_t) count};
        struct lane_record records[LANE_BATCH];
        int fds[WIRE_DESCRIPTORS], fd_count = 0;
        struct iovec parts[] = {
                {.iov_base = &head, .iov_len = sizeof head},
                {.iov_base = records, .iov_len = (size_t) count * sizeof records[0]},
        };
        for (int i = 0; i < count; i++) {
                records[i] = arrivals[i].record;
                for (int j = 0; j < arrivals[i].record.descriptors; j++)
                        fds[fd_count++] = arrivals[i].fds[j];
        }
        return send_message(lane, parts, 2, fds, fd_count);
}

bool wire_is_full(int failed)
{
        return failed == -EAGAIN || failed == -EINTR || failed == -ENOBUFS || failed == -ETOOMANYREFS;
}

static void take_fds(struct msghdr *received, struct wire_message *message)
{
        for (struct cmsghdr *part = CMSG_FIRSTHDR(received); part; part = CMSG_NXTHDR(received, part)) {
                if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
                        continue;
                size_t size = part->cmsg_len - CMSG_LEN(0);
                memcpy(message->fds + message->fd_count, CMSG_DATA(part), size);
                message->fd_count += (int) (size / sizeof(int));
        }
}

int wire_receive(int lane, struct wire_message *message)
{
        union control control;
        struct iovec part = {.iov_base = message->bytes, .iov_len = sizeof message->bytes};
        struct msghdr received = {
                .msg_iov = &part,
                .msg_iovlen = 1,
                .msg_control = control.bytes,
                .msg_controllen = sizeof control.bytes,
        };
        ssize_t length = recvmsg(lane, &received, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        if (length < 0)
                return -errno;
        message->length = (size_t) length;
        message->cut = received.msg_flags & (MSG_CTRUNC | MSG_TRUNC);
        message->fd_count = 0;
        take_fds(&received, message);
        return length > 0;
}

void wire_close_fds(struct wire_message *message)
{
        while (message->fd_count > 0)
                fd_close(&message->fds[--message->fd_count]);
}

int wire_arrivals(struct wire_message *message, uint64_t now, struct arrival *ret_arrivals)
{
        uint32_t count = message->head.count;
        int fds = 0;
        if (message->cut || count < 1 || count > LANE_BATCH ||
            message->length != sizeof message->head + count * sizeof message->records[0])
                return -EPROTO;
        for (uint32_t i = 0; i < count; i++) {
                const struct lane_record *record = &message->records[i];
                if (record->descriptors < 1 || record->descriptors > LANE_DESCRIPTORS || record->stage > STAGE_RESPONSE)
                        return -EPROTO;
                fds += record->descriptors;
        }
        if (fds != message->fd_count)
                return -EPROTO;

        fds = 0;
        for (uint32_t i = 0; i < count; i++) {
                struct arrival *arrival = &ret_arrivals[i];
                *arrival = (struct arrival) {.record = message->records[i], .since_ns = now};
                for (int j = 0; j < arrival->record.descriptors; j++)
                        arrival->fds[j] = message->fds[fds++];
        }
        message->fd_count = 0;
        return (int) count;
}
