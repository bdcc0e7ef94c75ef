/*
 * A run directory with a region, a real master that runs in it, and all who talk to it: workers' lanes, clients, an admin.
 * Each test has one rig, in its own process. Whatever a test leaves behind is removed by rig_remove, however it ended.
 */
#ifndef DROVER_RIG_H
#define DROVER_RIG_H

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "check.h"
#include "lanes.h"
#include "region_file.h"

#define LOOPS 2
#define DEADLINE_MS 15000
#define BEAT_MS 50

/* Waits for a fact; the test fails if it does not come true in time. */
#define WAIT(fact)                                                                                                     \
        do {                                                                                                           \
                uint64_t deadline_ = rig_now_ms() + DEADLINE_MS;                                                       \
                while (!(fact)) {                                                                                      \
                        CHECK(rig_now_ms() < deadline_ && "in time: " #fact);                                          \
                        rig_pause();                                                                                   \
                }                                                                                                      \
        } while (0)

/* What came over a lane in one message. */
struct message {
        struct lane_head head;
        struct lane_record records[LANE_BATCH];
        int fds[LANE_BATCH * LANE_DESCRIPTORS];
        int fd_count;
        bool ended;                     /* the master closed the lane; then nothing else is set */
};

/* Which loops are alive: the ticker beats for those. */
struct rig_ticker {
        _Atomic bool beats[REGION_SLOTS + 1][REGION_SEATS][LOOPS];
};

static const char *rig_program;

static struct {
        char directory[64];
        unsigned char *region;
        struct rig_ticker *ticker;
        pid_t master;
        int output;                     /* the master's standard output */
        uint16_t port;
        int control;
        int lane_count;
        int lanes[512];
        struct rig_loop {               /* whose lane a descriptor is, and what was taken from it */
                bool known;
                int slot, seat, loop;
                uint32_t taken;
                bool silent;            /* it says in no way what it has taken */
        } loops[2048];
        int custody_count;
        int custody[LANE_LISTENERS];    /* what came last */
} rig;

static inline uint64_t rig_now_ms(void)
{
        return monotonic_ns() / 1000000u;
}

static inline void rig_pause(void)
{
        static const struct timespec moment = {.tv_nsec = 1000000};
        (void) nanosleep(&moment, NULL);
}

/* ---- run directory */

static inline const char *rig_path(const char *name)
{
        static char path[128];
        (void) snprintf(path, sizeof path, "%s/%s", rig.directory, name);
        return path;
}

/* For check_after: shows the log of a failed test's masters and removes the run directory. */
static inline void rig_remove(pid_t test, bool failed)
{
        char line[1100], path[sizeof rig.directory + 256];
        (void) snprintf(rig.directory, sizeof rig.directory, "/dev/shm/drover-master-test-%d", (int) test);
        FILE *log = failed ? fopen(rig_path("master.log"), "re") : NULL;
        for (int i = 0; log && i < 200 && fgets(line, sizeof line, log); i++)
                (void) fprintf(stderr, "    %s", line);
        if (log)
                (void) fclose(log);

        DIR *directory = opendir(rig.directory);
        for (struct dirent *entry; directory && (entry = readdir(directory));) {
                (void) snprintf(path, sizeof path, "%s/%s", rig.directory, entry->d_name);
                (void) unlink(path);
        }
        if (directory)
                (void) closedir(directory);
        (void) rmdir(rig.directory);
}

static inline size_t rig_section(int slot, int seat, int loop)
{
        return region_file_section(LOOPS, slot, seat, loop);
}

static inline void rig_set_heartbeat(int slot, int seat, int loop, uint64_t ns)
{
        *region_file_word(rig.region, rig_section(slot, seat, loop) + REGION_SECTION_HEARTBEAT) = ns;
}

static inline void rig_tick(void)
{
        for (;;) {
                for (int slot = 1; slot <= REGION_SLOTS; slot++)
                        for (int seat = 0; seat < REGION_SEATS; seat++)
                                for (int loop = 0; loop < LOOPS; loop++)
                                        if (rig.ticker->beats[slot][seat][loop])
                                                rig_set_heartbeat(slot, seat, loop, monotonic_ns());
                (void) poll(NULL, 0, BEAT_MS);
        }
}

static inline void rig_begin(void)
{
        rig.control = rig.output = -1;
        (void) snprintf(rig.directory, sizeof rig.directory, "/dev/shm/drover-master-test-%d", (int) getpid());
        CHECK(mkdir(rig.directory, 0700) == 0);
        rig.region = region_file_create(rig_path("region"), LOOPS);
        rig.ticker = mmap(NULL, sizeof *rig.ticker, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        CHECK(rig.ticker != MAP_FAILED);
        pid_t ticker = fork();
        CHECK(ticker >= 0);
        if (ticker == 0) {
                (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
                rig_tick();
        }
}

/* What the master has counted. */
static inline uint64_t rig_count(enum counter counter)
{
        return *region_file_word(rig.region, region_file_counter(REGION_MASTER_SECTION, counter));
}

static inline uint64_t rig_turns(void)
{
        return *region_file_word(rig.region, REGION_MASTER_SECTION + REGION_SECTION_TURNS);
}

/* ---- the master's process */

/* Starts a master with these arguments, and at most so many descriptors unless 0. Returns its pid. */
static inline pid_t rig_spawn(char *const arguments[], rlim_t descriptors)
{
        int output[2];
        CHECK(pipe2(output, O_CLOEXEC) == 0);
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
                struct rlimit limit = {descriptors, descriptors};
                int log = open(rig_path("master.log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
                (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
                if (log >= 0 && dup2(output[1], STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0 &&
                    (!descriptors || setrlimit(RLIMIT_NOFILE, &limit) == 0))
                        (void) execv(rig_program, arguments);
                _exit(127);
        }
        (void) close(output[1]);
        if (rig.output >= 0)
                (void) close(rig.output);
        rig.output = output[0];
        return pid;
}

/* Waits for the end of a process. Returns its exit code, or 128 and its signal. */
static inline int rig_exit_code(pid_t pid)
{
        int status;
        WAIT(waitpid(pid, &status, WNOHANG) == pid);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs a master that is expected to end by itself; NULL ends the arguments. */
static inline int rig_run(char *const arguments[])
{
        return rig_exit_code(rig_spawn(arguments, 0));
}

static inline bool rig_is_alive(void)
{
        return waitpid(rig.master, NULL, WNOHANG) == 0;
}

static inline void rig_await_ready(void)
{
        char text[16] = {0};
        struct pollfd ready = {.fd = rig.output, .events = POLLIN};
        CHECK(poll(&ready, 1, DEADLINE_MS) == 1);
        CHECK(read(rig.output, text, sizeof text - 1) == 6 && strcmp(text, "ready\n") == 0);
}

/* ---- admin */

static inline int rig_call(const char *socket_name, int type)
{
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
        (void) snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", rig.directory, socket_name);
        CHECK(fd >= 0 && connect(fd, (struct sockaddr *) &address, sizeof address) == 0);
        return fd;
}

/* Reads one line of answer, without its newline. Returns false if the master closed the connection instead. */
static inline bool rig_answer(int fd, char *ret_answer, size_t size)
{
        size_t length = 0;
        for (;;) {
                struct pollfd ready = {.fd = fd, .events = POLLIN};
                CHECK(poll(&ready, 1, DEADLINE_MS) == 1 && length < size);
                if (recv(fd, ret_answer + length, 1, 0) != 1)
                        return false;
                if (ret_answer[length] == '\n') {
                        ret_answer[length] = '\0';
                        return true;
                }
                length++;
        }
}

static inline void rig_write(int fd, const char *text)
{
        CHECK(send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t) strlen(text));
}

/* Gives a command, with its newline, on the rig's control connection. The answer is valid until the next. */
static inline const char *rig_command(const char *line)
{
        static char answer[2048];
        rig_write(rig.control, line);
        CHECK(rig_answer(rig.control, answer, sizeof answer));
        return answer;
}

static inline bool rig_status_says(const char *part)
{
        return strstr(rig_command("status\n"), part) != NULL;
}

/* ---- start and end */

/* Starts a master, adopting or not; rig_attach waits for it. */
static inline void rig_launch(const char *listen, rlim_t descriptors, int patience_ms, bool adopt)
{
        char program[] = "drover-master", patience[16], *region = strdup(rig_path("region")), *address = strdup(listen);
        char *arguments[] = {program, "--run-directory", rig.directory, "--region", region, "--loops", "2", "--listen",
                             address, "--patience-ms", patience, adopt ? "--adopt" : NULL, NULL};
        (void) snprintf(patience, sizeof patience, "%d", patience_ms);
        rig.master = rig_spawn(arguments, descriptors);
        free(region);
        free(address);
}

static inline void rig_attach(void)
{
        rig_await_ready();
        if (rig.control >= 0)
                (void) close(rig.control);
        rig.control = rig_call("control.sock", SOCK_STREAM);
        const char *listening = strstr(rig_command("status\n"), "listening=");
        const char *port = listening ? strstr(listening, ".1:") : NULL;
        rig.port = port ? (uint16_t) atoi(port + 3) : 0;
}

static inline void rig_start_with(const char *listen, rlim_t descriptors)
{
        rig_launch(listen, descriptors, 5000, false);
        rig_attach();
}

static inline void rig_start_impatient(int patience_ms)
{
        rig_launch("127.0.0.1:0", 0, patience_ms, false);
        rig_attach();
}

/* A master that listens on a port of the kernel's choice. */
static inline void rig_start(void)
{
        rig_start_with("127.0.0.1:0", 0);
}

/* Hangs up all lanes. */
static inline void rig_close_lanes(void)
{
        while (rig.lane_count > 0)
                (void) close(rig.lanes[--rig.lane_count]);
        while (rig.custody_count > 0)
                (void) close(rig.custody[--rig.custody_count]);
}

/* Stops the master as admin does; the sanitizers have their say in the exit code. */
static inline void rig_stop(void)
{
        CHECK(strcmp(rig_command("stop\n"), "ok") == 0);
        rig_close_lanes();
        CHECK(rig_exit_code(rig.master) == 0);
}

/* ---- workers */

static inline int rig_raw_lane(void)
{
        int fd = rig_call("lanes.sock", SOCK_SEQPACKET);
        CHECK(rig.lane_count < (int) (sizeof rig.lanes / sizeof rig.lanes[0]));
        rig.lanes[rig.lane_count++] = fd;
        return fd;
}

static inline struct lane_hello rig_hello(int slot, int seat, int loop)
{
        return (struct lane_hello) {
                .head = {.type = LANE_HELLO},
                .version = LANE_PROTOCOL_VERSION,
                .slot = (uint32_t) slot,
                .seat = (uint32_t) seat,
                .loop = (uint32_t) loop,
        };
}

/* Takes one message as it is, with all its descriptors. */
static inline struct message rig_receive_any(int lane)
{
        struct message got = {0};
        union {
                struct cmsghdr align;
                unsigned char bytes[CMSG_SPACE(LANE_BATCH * LANE_DESCRIPTORS * sizeof(int))];
        } control;
        struct iovec parts[] = {{&got.head, sizeof got.head}, {got.records, sizeof got.records}};
        struct msghdr message = {
                .msg_iov = parts,
                .msg_iovlen = 2,
                .msg_control = control.bytes,
                .msg_controllen = sizeof control,
        };
        struct pollfd ready = {.fd = lane, .events = POLLIN};
        CHECK(poll(&ready, 1, DEADLINE_MS) == 1);
        ssize_t length = recvmsg(lane, &message, MSG_CMSG_CLOEXEC);
        if (length <= 0) {
                CHECK(length == 0 || errno == ECONNRESET);
                got.ended = true;
                return got;
        }
        CHECK(!(message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)));
        for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
                CHECK(part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS && got.fd_count == 0);
                size_t bytes = part->cmsg_len - CMSG_LEN(0);
                memcpy(got.fds, CMSG_DATA(part), bytes);
                got.fd_count = (int) (bytes / sizeof(int));
        }
        if (got.head.type != LANE_DISPATCH) {
                CHECK((size_t) length == sizeof got.head);
                return got;
        }
        CHECK((size_t) length == sizeof got.head + got.head.count * sizeof got.records[0]);
        int descriptors = 0;
        for (uint32_t i = 0; i < got.head.count; i++)
                descriptors += got.records[i].descriptors;
        CHECK(got.fd_count == descriptors);
        return got;
}

static inline void rig_say(int lane, enum lane_message_type type, uint32_t count)
{
        struct lane_head head = {.type = type, .count = count};
        CHECK(send(lane, &head, sizeof head, MSG_NOSIGNAL) == sizeof head);
}

/* Says as a worker does that it has taken so many more: its counter in the region. */
static inline void rig_count_taken(int lane, uint32_t connections)
{
        struct rig_loop *loop = &rig.loops[lane];
        if (!loop->known || loop->silent)
                return;
        size_t at = region_file_counter(rig_section(loop->slot, loop->seat, loop->loop), COUNTER_CONNECTIONS_DISPATCHED);
        *region_file_word(rig.region, at) += connections;
}

/* Does what any worker does with some messages. Returns false for those that a test is to see. */
static inline bool rig_digest(int lane, const struct message *got)
{
        if (got->ended)
                return false;
        if (got->head.type == LANE_ASK) {
                if (!rig.loops[lane].silent)
                        rig_say(lane, LANE_ACK, rig.loops[lane].taken);
                return true;
        }
        if (got->head.type != LANE_CUSTODY)
                return false;
        for (int i = 0; i < rig.custody_count; i++)
                (void) close(rig.custody[i]);
        CHECK(got->fd_count == (int) got->head.count && got->fd_count <= LANE_LISTENERS);
        rig.custody_count = got->fd_count;
        memcpy(rig.custody, got->fds, sizeof rig.custody);
        return true;
}

/* Takes one message that is not for any worker to answer by itself. */
static inline struct message rig_receive(int lane)
{
        struct message got;
        do
                got = rig_receive_any(lane);
        while (rig_digest(lane, &got));
        if (!got.ended && got.head.type == LANE_DISPATCH) {
                rig.loops[lane].taken += got.head.count;
                rig_count_taken(lane, got.head.count);
        }
        return got;
}

static inline void rig_expect_count(int lane, enum lane_message_type type, uint32_t count)
{
        struct message got = rig_receive(lane);
        CHECK(!got.ended && got.head.type == (uint32_t) type && got.head.count == count);
}

/* Sends records and copies of descriptors, true or not. */
static inline void rig_send_records(int lane, enum lane_message_type type, uint32_t count,
                                    const struct lane_record *records, size_t record_count, const int *fds, size_t fd_count)
{
        union {
                struct cmsghdr align;
                unsigned char bytes[CMSG_SPACE(LANE_BATCH * LANE_DESCRIPTORS * sizeof(int))];
        } control = {0};
        struct lane_head head = {.type = type, .count = count};
        struct lane_record copies[LANE_BATCH];
        struct iovec parts[] = {{&head, sizeof head}, {copies, record_count * sizeof copies[0]}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        if (record_count > 0)
                memcpy(copies, records, record_count * sizeof copies[0]);
        if (fd_count > 0) {
                message.msg_control = control.bytes;
                message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
                struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
                *rights = (struct cmsghdr) {
                        .cmsg_len = CMSG_LEN(fd_count * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
                memcpy(CMSG_DATA(rights), fds, fd_count * sizeof(int));
        }
        CHECK(sendmsg(lane, &message, MSG_NOSIGNAL) == (ssize_t) (sizeof head + record_count * sizeof copies[0]));
}

static inline void rig_expect(int lane, enum lane_message_type type)
{
        struct message got = rig_receive(lane);
        CHECK(!got.ended && got.head.type == (uint32_t) type);
}

/* The master closes a lane; if it has refused a hello, it says so first. */
static inline void rig_expect_end(int lane)
{
        struct message got = rig_receive(lane);
        if (!got.ended && got.head.type == LANE_REFUSED)
                got = rig_receive(lane);
        CHECK(got.ended);
}

static inline bool rig_has_message(int lane)
{
        struct pollfd ready = {.fd = lane, .events = POLLIN};
        struct lane_head head = {0};
        while (poll(&ready, 1, 0) == 1) {
                ssize_t length = recv(lane, &head, sizeof head, MSG_PEEK | MSG_DONTWAIT);
                if (length != sizeof head || (head.type != LANE_ASK && head.type != LANE_CUSTODY))
                        return true;
                struct message got = rig_receive_any(lane);
                CHECK(rig_digest(lane, &got));
        }
        return false;
}

/* From here on the loop is alive. */
static inline void rig_beat(int slot, int seat, int loop)
{
        rig_set_heartbeat(slot, seat, loop, monotonic_ns());
        rig.ticker->beats[slot][seat][loop] = true;
}

/* A worker's loop that is greeted but shows no sign of life. */
static inline int rig_silent_lane(int slot, int seat, int loop)
{
        struct lane_hello hello = rig_hello(slot, seat, loop);
        int fd = rig_raw_lane();
        CHECK(send(fd, &hello, sizeof hello, 0) == sizeof hello);
        CHECK(fd < (int) (sizeof rig.loops / sizeof rig.loops[0]));
        rig.loops[fd] = (struct rig_loop) {.known = true, .slot = slot, .seat = seat, .loop = loop};
        rig_expect(fd, LANE_WELCOME);
        return fd;
}

/* A worker's loop that is greeted and alive. */
static inline int rig_lane(int slot, int seat, int loop)
{
        rig_beat(slot, seat, loop);
        return rig_silent_lane(slot, seat, loop);
}

/* A worker's gauge, by which the master chooses. */
static inline void rig_set_load(int slot, int seat, int loop, uint64_t connections)
{
        size_t at = region_file_counter(rig_section(slot, seat, loop), COUNTER_CONNECTIONS_IDLE);
        *region_file_word(rig.region, at) = connections;
}

/* ---- clients */

static inline uint16_t rig_port_of(int client)
{
        struct sockaddr_in own;
        socklen_t length = sizeof own;
        CHECK(getsockname(client, (struct sockaddr *) &own, &length) == 0);
        return ntohs(own.sin_port);
}

/*
 * A client that sends its own port: whoever gets the connection can tell whose it is. The kernel shows a connection to the
 * master once data has come, so each client waits until its data was acknowledged: from then on it is in the backlog.
 */
static inline int rig_client(void)
{
        static const struct linger reset = {.l_onoff = 1};
        struct sockaddr_in address = {
                .sin_family = AF_INET,
                .sin_port = htons(rig.port),
                .sin_addr = {htonl(INADDR_LOOPBACK)},
        };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(fd >= 0 && connect(fd, (struct sockaddr *) &address, sizeof address) == 0);
        /* No TIME_WAIT: the tests make more connections than there are ports. */
        CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0);
        uint16_t port = rig_port_of(fd);
        CHECK(send(fd, &port, sizeof port, MSG_NOSIGNAL) == sizeof port);
        for (int unsent = 1; unsent > 0;)
                CHECK(ioctl(fd, SIOCOUTQ, &unsent) == 0);
        return fd;
}

/* Whether the other end closed or reset the connection. */
static inline bool rig_is_closed(int client)
{
        char byte;
        ssize_t length = recv(client, &byte, 1, MSG_DONTWAIT);
        return length == 0 || (length < 0 && errno == ECONNRESET);
}

/* Reads from a connection what its client sent, and checks that the record tells the truth about it. */
static inline void rig_check_arrival(int fd, const struct lane_record *record)
{
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        uint16_t sent;
        CHECK(getpeername(fd, (struct sockaddr *) &peer, &length) == 0);
        CHECK(record->family == 4 && record->descriptors == 1);
        CHECK(memcmp(record->address, &peer.sin_addr, 4) == 0);
        CHECK(record->port == ntohs(peer.sin_port));
        CHECK(recv(fd, &sent, sizeof sent, 0) == sizeof sent && sent == record->port);
}

/*
 * Takes so many connections from a lane, checks and closes them. Their sequence numbers must be first, first + 1 and so on.
 * Returns the next.
 */
static inline uint64_t rig_take(int lane, int connections, uint64_t first)
{
        while (connections > 0) {
                struct message got = rig_receive(lane);
                CHECK(!got.ended && got.head.type == LANE_DISPATCH && got.fd_count <= connections);
                for (int i = 0; i < got.fd_count; i++) {
                        CHECK(got.records[i].sequence == first++);
                        rig_check_arrival(got.fds[i], &got.records[i]);
                        (void) close(got.fds[i]);
                }
                connections -= got.fd_count;
        }
        return first;
}

#endif
