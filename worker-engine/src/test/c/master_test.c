/* The master as others meet it: a real process, real sockets, a real region. */
#include "master.h"

#include <limits.h>

#include "rig.h"

/* ---- lanes */

static bool log_has(const char *part)
{
        char text[65536];
        FILE *log = fopen(rig_path("master.log"), "re");
        CHECK(log);
        size_t length = fread(text, 1, sizeof text - 1, log);
        text[length] = '\0';
        (void) fclose(log);
        return strstr(text, part) != NULL;
}

static void a_hello_is_answered_by_a_welcome(void)
{
        rig_begin();
        rig_start();

        (void) rig_lane(1, 0, 0);

        CHECK(rig_status_says(" lanes=1 draining=0"));
        rig_stop();
}

static void every_slot_seat_and_loop_can_have_a_lane(void)
{
        rig_begin();
        rig_start();

        for (int slot = 1; slot <= REGION_SLOTS; slot++)
                for (int seat = 0; seat < REGION_SEATS; seat++)
                        for (int loop = 0; loop < LOOPS; loop++)
                                (void) rig_lane(slot, seat, loop);

        CHECK(rig_status_says(" lanes=256 draining=0"));
        rig_expect_end(rig_raw_lane());
        rig_stop();
}

/* Says something as the first message on a lane of its own, and expects the end of that lane only. */
static void check_refused(const void *message, size_t length)
{
        int lane = rig_raw_lane();
        CHECK(send(lane, message, length, 0) == (ssize_t) length);
        rig_expect_end(lane);
        CHECK(rig_status_says(" lanes=1 draining=0"));
}

static void a_bad_hello_closes_its_own_lane_only(void)
{
        static const struct {
                uint32_t type, version, slot, seat, loop;
        } bad[] = {
                {LANE_HELLO, 0, 1, 1, 0},
                {LANE_HELLO, LANE_PROTOCOL_VERSION + 1, 1, 1, 0},
                {LANE_HELLO, LANE_PROTOCOL_VERSION, 0, 1, 0},
                {LANE_HELLO, LANE_PROTOCOL_VERSION, REGION_SLOTS + 1, 1, 0},
                {LANE_HELLO, LANE_PROTOCOL_VERSION, UINT32_MAX, 1, 0},
                {LANE_HELLO, LANE_PROTOCOL_VERSION, 1, REGION_SEATS, 0},
                {LANE_HELLO, LANE_PROTOCOL_VERSION, 1, UINT32_MAX, 0},
                {LANE_HELLO, LANE_PROTOCOL_VERSION, 1, 1, LOOPS},
                {LANE_HELLO, LANE_PROTOCOL_VERSION, 1, 1, UINT32_MAX},
                {LANE_LEAVE, LANE_PROTOCOL_VERSION, 1, 1, 0},
                {LANE_WELCOME, LANE_PROTOCOL_VERSION, 1, 1, 0},
                {99, LANE_PROTOCOL_VERSION, 1, 1, 0},
                {LANE_HELLO, LANE_PROTOCOL_VERSION, 1, 0, 0},   /* taken by the lane that is open */
        };
        rig_begin();
        rig_start();
        int open_lane = rig_lane(1, 0, 0);

        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                struct lane_hello hello = {{bad[i].type, 0}, bad[i].version, bad[i].slot, bad[i].seat, bad[i].loop};
                check_refused(&hello, sizeof hello);
        }

        (void) rig_client();
        (void) rig_take(open_lane, 1, 1);
        rig_stop();
}

static void a_first_message_of_another_length_closes_its_own_lane_only(void)
{
        unsigned char bytes[4096] = {0};
        struct lane_hello hello = rig_hello(1, 1, 0);
        memcpy(bytes, &hello, sizeof hello);
        rig_begin();
        rig_start();
        (void) rig_lane(1, 0, 0);

        check_refused(bytes, 0);
        check_refused(bytes, 7);
        check_refused(bytes, sizeof hello - 1);
        check_refused(bytes, sizeof hello + 1);
        check_refused(bytes, sizeof bytes);

        rig_stop();
}

static void an_out_of_place_message_ends_an_open_lane(void)
{
        struct lane_hello hello = rig_hello(1, 0, 0);
        struct lane_head unknown = {.type = 99}, welcome = {.type = LANE_WELCOME}, leave[2] = {{.type = LANE_LEAVE}};
        const struct {
                const void *message;
                size_t length;
        } bad[] = {
                {&hello, sizeof hello}, {&unknown, sizeof unknown}, {&welcome, sizeof welcome},
                {leave, sizeof leave}, {leave, 3},
        };
        rig_begin();
        rig_start();

        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                int lane = rig_lane(1, 0, 0);
                CHECK(send(lane, bad[i].message, bad[i].length, 0) == (ssize_t) bad[i].length);
                rig_expect_end(lane);
                CHECK(rig_status_says(" lanes=0 draining=0"));
        }
        rig_stop();
}

static void a_descriptor_sent_by_a_worker_is_not_kept(void)
{
        union {
                struct cmsghdr align;
                unsigned char bytes[CMSG_SPACE(sizeof(int))];
        } control = {0};
        struct lane_hello hello = rig_hello(1, 0, 0);
        struct iovec part = {&hello, sizeof hello};
        struct msghdr message = {
                .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control};
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        int ends[2];
        rig_begin();
        rig_start();
        CHECK(pipe2(ends, O_CLOEXEC) == 0);
        *rights = (struct cmsghdr) {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(rights), &ends[1], sizeof(int));

        int lane = rig_raw_lane();
        CHECK(sendmsg(lane, &message, 0) == sizeof hello);
        rig_expect(lane, LANE_WELCOME);
        (void) close(ends[1]);

        /* The end of file comes when nobody holds the writing end any more. */
        struct pollfd ended = {.fd = ends[0]};
        CHECK(poll(&ended, 1, DEADLINE_MS) == 1 && (ended.revents & POLLHUP));
        rig_stop();
}

static void a_caller_that_says_no_hello_is_closed(void)
{
        rig_begin();
        rig_start();

        rig_expect_end(rig_raw_lane());

        rig_stop();
}

/* ---- connections */

static void a_connection_arrives_with_its_peer_and_ready_to_use(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), client = rig_client();

        struct message got = rig_receive(lane);

        CHECK(got.head.type == LANE_DISPATCH && got.head.count == 1 && got.records[0].sequence == 1);
        CHECK(got.records[0].port == rig_port_of(client));
        rig_check_arrival(got.fds[0], &got.records[0]);
        CHECK(fcntl(got.fds[0], F_GETFL) & O_NONBLOCK);
        struct timespec now;
        CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
        uint64_t now_ns = (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
        CHECK(got.records[0].accepted_at_ns <= now_ns && now_ns - got.records[0].accepted_at_ns < 20000000000u);
        CHECK(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == 1);
        rig_stop();
}

static void an_ipv6_connection_arrives_with_its_peer(void)
{
        struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT}, own;
        socklen_t length = sizeof own;
        int client = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (client < 0 || bind(client, (struct sockaddr *) &address, sizeof address) < 0)
                return;         /* a machine without IPv6 */
        rig_begin();
        rig_start_with("[::1]:0", 0);
        int lane = rig_lane(1, 0, 0);
        const char *name = strstr(rig_command("status\n"), "listening=[::1]:");
        CHECK(name);
        address.sin6_port = htons((uint16_t) atoi(name + strlen("listening=[::1]:")));
        CHECK(connect(client, (struct sockaddr *) &address, sizeof address) == 0 && send(client, "x", 1, 0) == 1);

        struct message got = rig_receive(lane);

        CHECK(getsockname(client, (struct sockaddr *) &own, &length) == 0);
        CHECK(got.fd_count == 1 && got.records[0].family == 6 && got.records[0].port == ntohs(own.sin6_port));
        CHECK(memcmp(got.records[0].address, &own.sin6_addr, 16) == 0);
        rig_stop();
}

/* The kernel waits a second for its first data, and then shows it to the master without. */
static void a_client_that_says_nothing_arrives_all_the_same(void)
{
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        address.sin_port = htons(rig.port);
        CHECK(connect(client, (struct sockaddr *) &address, sizeof address) == 0);

        struct message got = rig_receive(lane);

        CHECK(got.fd_count == 1 && got.records[0].port == rig_port_of(client));
        rig_stop();
}

static void the_master_reads_nothing_that_a_client_sent(void)
{
        static unsigned char sent[60000], got[sizeof sent];
        for (size_t i = 0; i < sizeof sent; i++)
                sent[i] = (unsigned char) (i * 31 % 251);
        rig_begin();
        rig_start();
        int client = rig_client();
        CHECK(send(client, sent, sizeof sent, 0) == sizeof sent);
        int lane = rig_lane(1, 0, 0);

        struct message arrival = rig_receive(lane);

        rig_check_arrival(arrival.fds[0], &arrival.records[0]);
        size_t length = 0;
        for (ssize_t more; length < sizeof got;) {
                struct pollfd ready = {.fd = arrival.fds[0], .events = POLLIN};
                CHECK(poll(&ready, 1, DEADLINE_MS) == 1);
                CHECK((more = recv(arrival.fds[0], got + length, sizeof got - length, 0)) > 0);
                length += (size_t) more;
        }
        CHECK(memcmp(sent, got, sizeof sent) == 0);
        rig_stop();
}

/* How many descriptors with numbers below this the master has. */
static int descriptors_of_master(int below)
{
        char path[64];
        int count = 0;
        (void) snprintf(path, sizeof path, "/proc/%d/fd", (int) rig.master);
        DIR *directory = opendir(path);
        CHECK(directory);
        for (struct dirent *entry; (entry = readdir(directory));)
                count += entry->d_name[0] != '.' && atoi(entry->d_name) < below;
        (void) closedir(directory);
        return count;
}

static void twenty_thousand_connections_arrive_and_none_stays_behind(void)
{
        enum { TOTAL = 20000, WAVE = 400 };
        static int clients[WAVE];
        static bool seen[TOTAL + 1];
        rig_begin();
        rig_start();
        struct pollfd lanes[2] = {{.fd = rig_lane(1, 0, 0), .events = POLLIN}, {.fd = rig_lane(2, 0, 1), .events = POLLIN}};
        int before = descriptors_of_master(INT_MAX), of_first = 0;

        for (int total = 0; total < TOTAL; total += WAVE) {
                for (int i = 0; i < WAVE; i++)
                        clients[i] = rig_client();
                for (int missing = WAVE; missing > 0;) {
                        CHECK(poll(lanes, 2, DEADLINE_MS) > 0);
                        int from = lanes[0].revents ? 0 : 1;
                        if (!rig_has_message(lanes[from].fd))
                                continue;       /* it was asked what it has taken, no more */
                        struct message got = rig_receive(lanes[from].fd);
                        CHECK(got.head.type == LANE_DISPATCH);
                        for (int i = 0; i < got.fd_count; i++) {
                                uint64_t sequence = got.records[i].sequence;
                                CHECK(sequence >= 1 && sequence <= TOTAL && !seen[sequence]);
                                seen[sequence] = true;
                                rig_check_arrival(got.fds[i], &got.records[i]);
                                (void) close(got.fds[i]);
                        }
                        missing -= got.fd_count;
                        of_first += from == 0 ? got.fd_count : 0;
                }
                for (int i = 0; i < WAVE; i++)
                        (void) close(clients[i]);
        }

        /* Both lanes look alike to the master, so each has had half of them. */
        CHECK(of_first > TOTAL * 2 / 5 && of_first < TOTAL * 3 / 5);
        CHECK(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == TOTAL);
        CHECK(rig_count(COUNTER_CONNECTIONS_REJECTED_NO_WORKER) == 0);
        WAIT(descriptors_of_master(INT_MAX) == before);
        rig_stop();
}

/* ---- choosing a lane */

static void a_lane_with_a_stale_heartbeat_gets_nothing_until_it_beats_again(void)
{
        rig_begin();
        rig_start();
        int stale = rig_silent_lane(1, 0, 0), fresh = rig_lane(2, 0, 0);
        rig_set_heartbeat(1, 0, 0, monotonic_ns() - 1500000000u);
        rig_set_load(2, 0, 0, 1000);            /* so that the stale one would be chosen */

        for (uint64_t i = 1; i <= 20; i++) {
                (void) rig_client();
                (void) rig_take(fresh, 1, i);
        }
        CHECK(!rig_has_message(stale));

        rig_beat(1, 0, 0);
        (void) rig_client();
        (void) rig_take(stale, 1, 21);
        CHECK(!rig_has_message(fresh));
        rig_stop();
}

static void garbage_in_a_heartbeat_is_no_heartbeat(void)
{
        rig_begin();
        rig_start();
        static const uint64_t garbage[] = {0, UINT64_MAX / 2, UINT64_MAX};
        int broken = rig_silent_lane(1, 0, 0), fresh = rig_lane(2, 0, 0);
        rig_set_load(2, 0, 0, 1000);

        for (uint64_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
                rig_set_heartbeat(1, 0, 0, garbage[i]);
                (void) rig_client();
                (void) rig_take(fresh, 1, i + 1);
                CHECK(!rig_has_message(broken));
        }
        rig_stop();
}

static void the_lane_with_the_fewest_connections_is_chosen(void)
{
        rig_begin();
        rig_start();
        int busy = rig_lane(1, 0, 0), idle = rig_lane(1, 0, 1);
        rig_set_load(1, 0, 0, 6);

        for (uint64_t i = 1; i <= 5; i++) {
                (void) rig_client();
                (void) rig_take(idle, 1, i);
        }

        CHECK(!rig_has_message(busy));
        rig_stop();
}

static void connections_that_go_at_once_are_spread_over_lanes_with_the_same_load(void)
{
        rig_begin();
        rig_start();
        int lanes[3] = {rig_lane(1, 0, 0), rig_lane(1, 0, 1), rig_lane(2, 0, 0)};

        for (uint64_t i = 0; i < 9; i++) {
                (void) rig_client();
                (void) rig_take(lanes[i % 3], 1, i + 1);
        }
        rig_stop();
}

static void connections_that_go_at_once_are_spread_over_lanes_with_about_the_same_load(void)
{
        rig_begin();
        rig_start();
        int heavy = rig_lane(1, 0, 0), lanes[2] = {rig_lane(1, 0, 1), rig_lane(2, 0, 0)};
        rig_set_load(1, 0, 0, 130);
        rig_set_load(1, 0, 1, 120);
        rig_set_load(2, 0, 0, 100);

        for (uint64_t i = 0; i < 8; i++) {
                (void) rig_client();
                (void) rig_take(lanes[i % 2], 1, i + 1);
        }

        CHECK(!rig_has_message(heavy));
        rig_stop();
}

static void garbage_in_a_gauge_counts_as_a_heavy_load(void)
{
        rig_begin();
        rig_start();
        int broken = rig_lane(1, 0, 0), sound = rig_lane(2, 0, 0);
        size_t section = rig_section(1, 0, 0);
        /* Their sum would wrap around to 1. */
        *region_file_word(rig.region, region_file_counter(section, COUNTER_CONNECTIONS_READING)) = UINT64_MAX;
        *region_file_word(rig.region, region_file_counter(section, COUNTER_CONNECTIONS_WRITING)) = 2;
        *region_file_word(rig.region, region_file_counter(section, COUNTER_CONNECTIONS_DISPATCHED)) = UINT64_MAX;
        rig_set_load(2, 0, 0, 1000);

        (void) rig_client();

        (void) rig_take(sound, 1, 1);
        CHECK(!rig_has_message(broken));
        rig_stop();
}

static void without_a_lane_connections_wait_in_the_backlog(void)
{
        rig_begin();
        rig_start();
        for (int i = 0; i < 100; i++)
                (void) rig_client();
        CHECK(rig_status_says("accepting=no"));
        CHECK(rig_status_says("accepting=no"));
        CHECK(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == 0);

        int lane = rig_lane(1, 0, 0);

        (void) rig_take(lane, 100, 1);
        WAIT(rig_status_says("accepting=yes"));
        rig_stop();
}

static void a_lane_that_vanishes_leaves_the_others_to_work(void)
{
        rig_begin();
        rig_start();
        int first = rig_lane(1, 0, 0), second = rig_lane(1, 0, 1);
        CHECK(shutdown(first, SHUT_RDWR) == 0);
        WAIT(rig_status_says(" lanes=1 "));

        (void) rig_client();

        (void) rig_take(second, 1, 1);
        rig_stop();
}

/*
 * Makes connections until the only lane that is given any has no credit left, and one more, which waits in the backlog.
 * Returns how many went into the lane.
 */
static int fill_lane(int *ret_waiting)
{
        for (int sent = 1;; sent++) {
                CHECK(sent < 10000);
                (void) rig_client();
                WAIT(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == (uint64_t) sent);
                if (rig_status_says("accepting=no")) {
                        *ret_waiting = rig_client();
                        return sent;
                }
        }
}

static void a_full_lane_is_passed_over_for_another(void)
{
        rig_begin();
        rig_start();
        int full = rig_lane(1, 0, 0), other = rig_lane(2, 0, 0);
        rig_set_load(2, 0, 0, 900000);          /* the last choice */
        int sent = 0;

        do {
                sent++;
                CHECK(sent < 10000);
                (void) rig_client();
                WAIT(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == (uint64_t) sent);
                CHECK(rig_status_says("ok "));  /* answered in the next turn: by now it was passed on */
        } while (!rig_has_message(other));

        (void) rig_take(other, 1, (uint64_t) sent);
        (void) rig_take(full, sent - 1, 1);
        (void) rig_client();
        (void) rig_take(full, 1, (uint64_t) sent + 1);
        rig_stop();
}

/* Reads an answer of the master to its end. */
static void check_503(int client)
{
        char answer[256];
        size_t length = 0;
        for (ssize_t more = 1; more > 0; length += (size_t) more) {
                struct pollfd ready = {.fd = client, .events = POLLIN};
                CHECK(poll(&ready, 1, DEADLINE_MS) == 1);
                more = recv(client, answer + length, sizeof answer - 1 - length, 0);
                CHECK(more >= 0);
        }
        answer[length] = '\0';
        CHECK(strncmp(answer, "HTTP/1.1 503 ", 13) == 0 && strstr(answer, "\r\nRetry-After: 1\r\n"));
        CHECK(strcmp(answer + length - 4, "\r\n\r\n") == 0);
}

static void a_connection_that_no_lane_takes_for_five_seconds_is_answered_503_and_counted(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        uint64_t before = rig_now_ms();
        int waiting, sent = fill_lane(&waiting);
        CHECK(sent == 64);

        check_503(waiting);

        CHECK(rig_now_ms() - before >= 5000);
        CHECK(rig_count(COUNTER_CONNECTIONS_REJECTED_NO_WORKER) == 1);
        (void) rig_take(lane, sent, 1);
        int served = rig_client();
        (void) rig_take(lane, 1, (uint64_t) sent + 2);
        CHECK(!rig_is_closed(served));
        rig_stop();
}

static void without_a_worker_for_too_long_whoever_waits_in_the_backlog_is_answered_503(void)
{
        rig_begin();
        rig_start_impatient(200);
        int clients[3] = {rig_client(), rig_client(), rig_client()};

        for (size_t i = 0; i < 3; i++)
                check_503(clients[i]);

        CHECK(rig_count(COUNTER_CONNECTIONS_REJECTED_NO_WORKER) == 3);
        int lane = rig_lane(1, 0, 0);
        (void) rig_client();
        (void) rig_take(lane, 1, 4);
        rig_stop();
}

/* ---- acknowledgement */

/* A worker as a process of its own, with a lane on which it takes so many connections and no more. */
static pid_t worker_that_takes(int slot, int connections, int *ret_lane)
{
        int lane = rig_lane(slot, 0, 0);
        pid_t pid = fork();
        CHECK(pid >= 0);
        *ret_lane = lane;
        if (pid == 0) {
                (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
                (void) close(lane);
                lane = rig_lane(slot, 1, 0);
                rig_set_load(slot, 1, 0, 0);
                while (connections > 0)
                        connections -= rig_receive(lane).fd_count;
                for (;;)
                        (void) pause();
        }
        return pid;
}

static void what_a_killed_worker_had_not_taken_goes_to_a_sibling_in_order(void)
{
        enum { TAKEN = 5, SENT = 20 };
        int other;
        rig_begin();
        rig_start();
        pid_t worker = worker_that_takes(1, TAKEN, &other);
        WAIT(rig_status_says(" lanes=2 "));
        rig_set_load(1, 0, 0, 1000);            /* the worker's process is the choice */
        for (uint64_t i = 1; i <= SENT; i++) {
                (void) rig_client();
                WAIT(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == i && rig_status_says("ok "));
        }
        CHECK(!rig_has_message(other));
        size_t counter = region_file_counter(rig_section(1, 1, 0), COUNTER_CONNECTIONS_DISPATCHED);
        WAIT(*region_file_word(rig.region, counter) == TAKEN);

        CHECK(kill(worker, SIGKILL) == 0);

        (void) rig_take(other, SENT - TAKEN, TAKEN + 1);
        CHECK(!rig_has_message(other));
        rig_stop();
}

static void what_a_living_worker_does_not_take_goes_to_nobody_else(void)
{
        int other;
        rig_begin();
        rig_start();
        pid_t worker = worker_that_takes(1, 0, &other);
        WAIT(rig_status_says(" lanes=2 "));
        rig_set_load(1, 0, 0, 1000);
        int client = rig_client();
        WAIT(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == 1 && rig_status_says("ok "));
        rig.ticker->beats[1][1][0] = false;

        CHECK(kill(worker, SIGSTOP) == 0);

        uint64_t until = rig_now_ms() + 500;
        WAIT(rig_now_ms() >= until);
        CHECK(!rig_has_message(other) && !rig_is_closed(client));
        CHECK(kill(worker, SIGKILL) == 0);
        (void) rig_take(other, 1, 1);
        rig_stop();
}

static void a_lane_has_credit_for_64_connections_that_its_worker_has_not_taken(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), waiting;

        CHECK(fill_lane(&waiting) == 64);

        (void) rig_take(lane, 65, 1);
        CHECK(rig_count(COUNTER_CONNECTIONS_REJECTED_NO_WORKER) == 0);
        rig_stop();
}

/* The master asks where the counter stands still or speaks nonsense, and believes the answer. */
static void garbage_in_the_counter_of_connections_taken_holds_nothing_up(void)
{
        static const uint64_t garbage[] = {0, UINT64_MAX, UINT64_MAX / 2, 65};
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), before = descriptors_of_master(INT_MAX);
        size_t counter = region_file_counter(rig_section(1, 0, 0), COUNTER_CONNECTIONS_DISPATCHED);
        uint64_t next = 1;

        for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
                for (int j = 0; j < 100; j++) {
                        (void) rig_client();
                        rig.loops[lane].known = false;          /* it does not count, it answers only */
                        next = rig_take(lane, 1, next);
                        *region_file_word(rig.region, counter) = garbage[i];
                }
                WAIT(!rig_has_message(lane) && descriptors_of_master(INT_MAX) == before);
        }
        rig_stop();
}

static void an_acknowledgement_of_more_than_was_sent_ends_the_lane(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        (void) rig_client();
        (void) rig_take(lane, 1, 1);

        rig_say(lane, LANE_ACK, 2);

        rig_expect_end(lane);
        rig_stop();
}

static void a_connection_that_a_full_lane_did_not_take_goes_to_the_next(void)
{
        rig_begin();
        rig_start();
        int full = rig_lane(1, 0, 0);
        int waiting, sent = fill_lane(&waiting);

        CHECK(shutdown(full, SHUT_RDWR) == 0);
        int next = rig_lane(1, 1, 0);

        (void) rig_take(next, 1, (uint64_t) sent + 1);
        rig_stop();
}

/* ---- hand-over */

/* Takes one connection as it is. */
static struct message take_one(int lane)
{
        struct message got = rig_receive(lane);
        CHECK(!got.ended && got.head.type == LANE_DISPATCH && got.head.count == 1);
        return got;
}

static void hand_back(int lane, const struct lane_record *record, const int *fds)
{
        rig_send_records(lane, LANE_RETURN, 1, record, 1, fds, record->descriptors);
        rig_expect_count(lane, LANE_TOOK, 1);
}

static bool is_same_file(int one, int other)
{
        struct stat a, b;
        CHECK(fstat(one, &a) == 0 && fstat(other, &b) == 0);
        return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void what_is_handed_back_goes_to_a_sibling_with_all_it_brings(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), client = rig_client(), other = rig_lane(2, 0, 0);
        rig_set_load(2, 0, 0, 1000);            /* still the only one that may get it */
        struct message got = take_one(lane);
        int fds[] = {got.fds[0], open(rig_path("region"), O_RDONLY | O_CLOEXEC), open("/dev/null", O_RDONLY | O_CLOEXEC)};
        struct lane_record record = got.records[0];
        record.descriptors = 3;
        record.stage = STAGE_RESPONSE;
        record.since_ns = 4711;

        hand_back(lane, &record, fds);
        struct message moved = take_one(other);

        CHECK(memcmp(&moved.records[0], &record, sizeof record) == 0 && moved.fd_count == 3);
        for (size_t i = 0; i < 3; i++)
                CHECK(is_same_file(moved.fds[i], fds[i]));
        rig_expect(lane, LANE_ROOM);
        CHECK(!rig_has_message(lane) && !rig_is_closed(client));
        CHECK(rig_count(COUNTER_CONNECTIONS_REJECTED_NO_WORKER) == 0);
        rig_stop();
}

static void a_draining_lane_hands_back_many_and_none_is_lost(void)
{
        enum { ROUNDS = 20, EACH = 32 };
        static bool seen[EACH + 1];
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), before = descriptors_of_master(INT_MAX), fds[EACH];
        struct lane_record records[EACH];
        for (int i = 0; i < EACH; i++) {
                (void) rig_client();
                struct message got = take_one(lane);
                records[i] = got.records[0];
                fds[i] = got.fds[0];
        }
        int other = rig_lane(2, 0, 0);
        CHECK(strcmp(rig_command("drain 1\n"), "ok lanes=1") == 0);
        rig_expect_count(lane, LANE_DRAIN, DRAIN_SCALE);

        for (int round = 0; round < ROUNDS; round++) {
                rig_send_records(lane, LANE_RETURN, EACH, records, EACH, fds, EACH);
                rig_expect_count(lane, LANE_TOOK, EACH);
                memset(seen, 0, sizeof seen);
                for (int missing = EACH; missing > 0;) {
                        struct message got = rig_receive(other);
                        CHECK(got.head.type == LANE_DISPATCH && got.fd_count <= missing);
                        for (int i = 0; i < got.fd_count; i++) {
                                CHECK(!seen[got.records[i].sequence]);
                                seen[got.records[i].sequence] = true;
                                (void) close(got.fds[i]);
                        }
                        missing -= got.fd_count;
                }
                rig_expect(lane, LANE_ROOM);
        }
        WAIT(descriptors_of_master(INT_MAX) == before + 1);     /* one lane more */
        rig_stop();
}

/* Its siblings have gone since it was told to hand over: it is told, and gets its connection again. */
static void what_nobody_else_can_take_comes_back_to_be_finished(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), client = rig_client(), other = rig_lane(2, 0, 0);
        struct message got = take_one(lane);
        CHECK(strcmp(rig_command("drain 1\n"), "ok lanes=1") == 0);
        rig_expect_count(lane, LANE_DRAIN, DRAIN_SCALE);
        CHECK(shutdown(other, SHUT_RDWR) == 0);
        WAIT(rig_status_says(" lanes=1 "));

        hand_back(lane, &got.records[0], got.fds);

        rig_expect_count(lane, LANE_DRAIN, DRAIN_ALONE);
        struct message back = take_one(lane);
        CHECK(back.records[0].sequence == got.records[0].sequence && is_same_file(back.fds[0], got.fds[0]));
        CHECK(!rig_is_closed(client));
        rig_stop();
}

static void what_a_dead_worker_had_handed_back_is_passed_on(void)
{
        int other;
        rig_begin();
        rig_start();
        pid_t worker = worker_that_takes(1, 0, &other);
        WAIT(rig_status_says(" lanes=2 "));
        CHECK(kill(worker, SIGKILL) == 0);
        WAIT(rig_status_says(" lanes=1 "));
        rig_set_load(1, 0, 0, 1000);
        int lane = rig_lane(1, 1, 0), client = rig_client();
        struct message got = take_one(lane);

        rig_send_records(lane, LANE_RETURN, 1, got.records, 1, got.fds, 1);
        CHECK(shutdown(lane, SHUT_WR) == 0);    /* its end comes right behind */

        struct message moved = take_one(other);
        CHECK(moved.records[0].sequence == 1 && !rig_is_closed(client));
        rig_stop();
}

static void a_hand_back_that_does_not_fit_its_records_ends_the_lane_and_leaks_nothing(void)
{
        rig_begin();
        rig_start();
        int sibling = rig_lane(2, 0, 0), before = descriptors_of_master(INT_MAX);
        int fds[] = {open("/dev/null", O_RDONLY | O_CLOEXEC), open("/dev/null", O_RDONLY | O_CLOEXEC)};
        const struct lane_record one = {.family = 4, .descriptors = 1}, none = {.family = 4},
                                 four = {.descriptors = 4}, strange = {.descriptors = 1, .stage = 4};
        const struct lane_record two[] = {one, one};
        const struct {
                uint32_t count;
                const struct lane_record *records;
                size_t record_count, fd_count;
        } bad[] = {
                {0, NULL, 0, 1}, {1, &one, 1, 0}, {1, &one, 1, 2}, {2, two, 2, 1}, {2, &one, 1, 2}, {1, two, 2, 2},
                {65, &one, 1, 1}, {UINT32_MAX, &one, 1, 1}, {1, &none, 1, 1}, {1, &four, 1, 2}, {1, &strange, 1, 1},
        };

        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                int lane = rig_lane(1, 0, 0);
                rig_send_records(lane, LANE_RETURN, bad[i].count, bad[i].records, bad[i].record_count, fds, bad[i].fd_count);
                rig_expect_end(lane);
        }

        CHECK(!rig_has_message(sibling));
        WAIT(descriptors_of_master(INT_MAX) == before);
        rig_stop();
}

static void a_drain_says_whether_and_why_connections_are_handed_over(void)
{
        rig_begin();
        rig_start();
        int old = rig_lane(1, 0, 0), successor = rig_lane(1, 1, 0), other = rig_lane(2, 0, 0);

        CHECK(strcmp(rig_command("drain 1 0\n"), "ok lanes=1") == 0);
        rig_expect_count(old, LANE_DRAIN, DRAIN_RESTART);
        CHECK(strcmp(rig_command("drain 2\n"), "ok lanes=1") == 0);
        rig_expect_count(other, LANE_DRAIN, DRAIN_SCALE);
        CHECK(strcmp(rig_command("drain 1 1\n"), "ok lanes=1") == 0);
        rig_expect_count(successor, LANE_DRAIN, DRAIN_ALONE);
        rig_stop();
}

static void a_stop_tells_those_that_hand_over_to_finish_alone(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), other = rig_lane(2, 0, 0);
        CHECK(strcmp(rig_command("drain 1\n"), "ok lanes=1") == 0);
        rig_expect_count(lane, LANE_DRAIN, DRAIN_SCALE);

        CHECK(strcmp(rig_command("stop\n"), "ok") == 0);

        rig_expect_count(lane, LANE_DRAIN, DRAIN_ALONE);
        rig_expect_count(other, LANE_DRAIN, DRAIN_ALONE);
        rig_close_lanes();
        CHECK(rig_exit_code(rig.master) == 0);
}

static void rebalance_asks_those_above_their_share(void)
{
        rig_begin();
        rig_start();
        int many = rig_lane(1, 0, 0), some = rig_lane(2, 0, 0), few = rig_lane(3, 0, 0);
        rig_set_load(1, 0, 0, 90);
        rig_set_load(2, 0, 0, 30);

        CHECK(strcmp(rig_command("rebalance\n"), "ok moved=50 asked") == 0);

        rig_expect_count(many, LANE_REBALANCE, 50);
        CHECK(!rig_has_message(some) && !rig_has_message(few));
        rig_stop();
}

static void a_worker_that_is_fresh_a_moment_after_a_rebalance_gets_its_share_too(void)
{
        rig_begin();
        rig_start();
        int many = rig_lane(1, 0, 0), late = rig_silent_lane(2, 0, 0);
        rig_set_heartbeat(2, 0, 0, monotonic_ns() - 1500000000u);
        rig_set_load(1, 0, 0, 90);
        CHECK(strcmp(rig_command("rebalance\n"), "ok moved=0 asked") == 0);

        rig_beat(2, 0, 0);

        rig_expect_count(many, LANE_REBALANCE, 45);
        CHECK(!rig_has_message(late));
        rig_stop();
}

/* ---- custody */

/* Starts a master that adopts at the port of the one before, and gives its first worker a moment to call. */
static void start_adopting(void)
{
        char address[32];
        (void) snprintf(address, sizeof address, "127.0.0.1:%d", rig.port);
        rig_launch(address, 0, 5000, true);
}

/* Calls with what a worker kept: its lane is welcomed, its listening sockets come with it. */
static int lane_with_custody(int slot, int seat, int loop, const int *fds, size_t count)
{
        struct lane_hello hello = rig_hello(slot, seat, loop);
        WAIT(access(rig_path("lanes.sock"), F_OK) == 0);
        rig_beat(slot, seat, loop);
        int lane = rig_raw_lane();
        CHECK(send(lane, &hello, sizeof hello, 0) == sizeof hello);
        rig.loops[lane] = (struct rig_loop) {.known = true, .slot = slot, .seat = seat, .loop = loop};
        rig_send_records(lane, LANE_CUSTODY, (uint32_t) count, NULL, 0, fds, count);
        rig_expect(lane, LANE_WELCOME);
        return lane;
}

static void kill_master(void)
{
        CHECK(kill(rig.master, SIGKILL) == 0);
        CHECK(rig_exit_code(rig.master) == 128 + SIGKILL);
        CHECK(unlink(rig_path("lanes.sock")) == 0);     /* so that its successor's can be waited for */
}

static void the_first_loop_of_each_worker_has_the_listening_sockets_in_custody(void)
{
        rig_begin();
        rig_start();
        (void) rig_lane(1, 0, 1);
        CHECK(rig_status_says("ok ") && rig.custody_count == 0);

        int lane = rig_lane(1, 0, 0);

        WAIT(!rig_has_message(lane) && rig.custody_count == 1);
        int listens = 0;
        socklen_t size = sizeof listens;
        CHECK(getsockopt(rig.custody[0], SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && listens);
        rig_stop();
}

static void a_killed_master_refuses_nobody_and_its_successor_serves_them(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        WAIT(!rig_has_message(lane) && rig.custody_count == 1);
        kill_master();
        rig_expect_end(lane);
        int waiting = rig_client();             /* not refused */

        start_adopting();
        int kept = rig.custody[0];
        lane = lane_with_custody(1, 0, 0, &kept, 1);
        rig_attach();

        (void) rig_take(lane, 1, 1);
        CHECK(!rig_is_closed(waiting));
        (void) rig_client();
        (void) rig_take(lane, 1, 2);
        CHECK(log_has("listeners adopted count=1"));
        rig_stop();
}

static void an_adopting_master_takes_the_first_of_each_and_leaks_nothing(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), null = open("/dev/null", O_RDONLY | O_CLOEXEC);
        WAIT(!rig_has_message(lane) && rig.custody_count == 1);
        kill_master();
        int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(other >= 0 && listen(other, 1) == 0);
        start_adopting();
        const int kept[] = {null, other, rig.custody[0], rig.custody[0]};

        lane = lane_with_custody(1, 0, 0, kept, 4);
        rig_attach();
        int before = descriptors_of_master(INT_MAX);
        rig_send_records(lane, LANE_CUSTODY, 4, NULL, 0, kept, 4);

        CHECK(rig_status_says("ok "));
        CHECK(descriptors_of_master(INT_MAX) == before);
        (void) rig_client();
        (void) rig_take(lane, 1, 1);
        rig_stop();
}

static void what_no_worker_brings_within_a_second_is_opened(void)
{
        rig_begin();
        rig_start();
        rig_stop();
        uint64_t before = rig_now_ms();

        start_adopting();
        rig_attach();

        CHECK(rig_now_ms() - before >= 1000);
        int lane = rig_lane(1, 0, 0);
        (void) rig_client();
        (void) rig_take(lane, 1, 1);
        rig_stop();
}

/* A worker that hangs holds the address; the master waits for it, and takes the socket when it comes after all. */
static void a_worker_that_calls_late_is_waited_for(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        WAIT(!rig_has_message(lane) && rig.custody_count == 1);
        kill_master();

        start_adopting();
        uint64_t until = rig_now_ms() + 1500;
        WAIT(rig_now_ms() >= until);
        int kept = rig.custody[0];
        lane = lane_with_custody(1, 0, 0, &kept, 1);
        rig_attach();

        (void) rig_client();
        (void) rig_take(lane, 1, 1);
        rig_stop();
}

static void leave_ends_without_a_drain_and_refuses_nobody(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        WAIT(!rig_has_message(lane) && rig.custody_count == 1);
        (void) rig_client();
        WAIT(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == 1);

        CHECK(strcmp(rig_command("leave\n"), "ok") == 0);

        (void) rig_take(lane, 1, 1);
        rig_expect_end(lane);
        CHECK(rig_exit_code(rig.master) == 0);
        (void) rig_client();
        start_adopting();
        int kept = rig.custody[0];
        lane = lane_with_custody(1, 0, 0, &kept, 1);
        rig_attach();
        (void) rig_take(lane, 1, 2);
        rig_stop();
}

static int connect_to(uint16_t port)
{
        struct sockaddr_in address = {
                .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
        int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(client >= 0);
        return connect(client, (struct sockaddr *) &address, sizeof address) < 0 ? -errno : client;
}

static void a_stopped_master_is_not_listened_for_by_its_workers(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        WAIT(!rig_has_message(lane) && rig.custody_count == 1);

        CHECK(strcmp(rig_command("stop\n"), "ok") == 0);
        rig_expect(lane, LANE_DRAIN);

        CHECK(connect_to(rig.port) == -ECONNREFUSED);
        rig_close_lanes();
        CHECK(rig_exit_code(rig.master) == 0);
}

static void listen_and_unlisten_move_the_server_to_another_address(void)
{
        char command[64];
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        uint16_t old = rig.port;
        CHECK(strstr(rig_command("unlisten 127.0.0.1:1\n"), "error: 127.0.0.1:1 is not listened on"));
        (void) snprintf(command, sizeof command, "unlisten 127.0.0.1:%d\n", old);
        CHECK(strstr(rig_command(command), " is the last one"));
        CHECK(strncmp(rig_command("listen nowhere\n"), "error: cannot listen on nowhere: use ", 37) == 0);

        const char *answer = rig_command("listen 127.0.0.1:0\n");
        CHECK(strncmp(answer, "ok listening=127.0.0.1:", 23) == 0);
        rig.port = (uint16_t) atoi(answer + 23);
        WAIT(!rig_has_message(lane) && rig.custody_count == 2);
        (void) rig_client();
        (void) rig_take(lane, 1, 1);
        CHECK(strcmp(rig_command(command), "ok") == 0);

        CHECK(connect_to(old) == -ECONNREFUSED);
        WAIT(!rig_has_message(lane) && rig.custody_count == 1);
        (void) rig_client();
        (void) rig_take(lane, 1, 2);
        rig_stop();
}

/* ---- control */

static void status_says_who_where_and_how_many(void)
{
        char expected[256];
        rig_begin();
        rig_start();
        (void) rig_lane(1, 0, 0);
        WAIT(rig_status_says("accepting=yes"));

        const char *answer = rig_command("status\n");

        (void) snprintf(expected, sizeof expected,
                        "ok pid=%d version=%s accepting=yes listening=127.0.0.1:%d lanes=1 draining=0", (int) rig.master,
                        DROVER_VERSION, rig.port);
        CHECK(strcmp(answer, expected) == 0);
        rig_stop();
}

static void drain_of_a_slot_drains_both_its_seats_and_no_other(void)
{
        rig_begin();
        rig_start();
        int drained[] = {rig_lane(3, 0, 0), rig_lane(3, 0, 1), rig_lane(3, 1, 0)}, other = rig_lane(4, 0, 0);
        rig_set_load(4, 0, 0, 1000);

        CHECK(strcmp(rig_command("drain 3\n"), "ok lanes=3") == 0);

        for (size_t i = 0; i < 3; i++)
                rig_expect(drained[i], LANE_DRAIN);
        CHECK(rig_status_says(" lanes=4 draining=3"));
        (void) rig_client();
        (void) rig_take(other, 1, 1);
        for (size_t i = 0; i < 3; i++)
                CHECK(!rig_has_message(drained[i]));
        rig_stop();
}

static void drain_of_a_seat_leaves_the_other_seat(void)
{
        rig_begin();
        rig_start();
        int left = rig_lane(3, 0, 0), drained = rig_lane(3, 1, 0);

        CHECK(strcmp(rig_command("drain 3 1\n"), "ok lanes=1") == 0);

        rig_expect(drained, LANE_DRAIN);
        (void) rig_client();
        (void) rig_take(left, 1, 1);
        CHECK(!rig_has_message(drained));
        rig_stop();
}

static void drain_without_a_lane_is_an_error(void)
{
        rig_begin();
        rig_start();
        (void) rig_lane(3, 0, 0);

        CHECK(strcmp(rig_command("drain 4\n"), "error: slot 4 has no lane") == 0);
        CHECK(strcmp(rig_command("drain 3 1\n"), "error: slot 3 seat 1 has no lane") == 0);

        CHECK(rig_status_says(" lanes=1 draining=0"));
        rig_stop();
}

static void a_full_lane_gets_its_drain_after_its_connections(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        int waiting, sent = fill_lane(&waiting);

        CHECK(strcmp(rig_command("drain 1\n"), "ok lanes=1") == 0);

        (void) rig_take(lane, sent, 1);
        rig_expect(lane, LANE_DRAIN);
        rig_stop();
}

static void bad_commands_are_errors_and_change_nothing(void)
{
        static const char *const bad[] = {
                "\n", "x\n", "STATUS\n", "status now\n", " status\n", "stop now\n", "stopp\n", "drain\n", "drain \n",
                "drainage\n", "drain x\n", "drain 0\n", "drain 65\n", "drain -1\n", "drain 1 2\n", "drain 1 -1\n",
                "drain 1 0 1\n", "drain 1 0x\n", "drain 1,0\n", "drain 1x\n", "drain 0010\n",
                "drain 99999999999999999999\n",
        };
        rig_begin();
        rig_start();
        (void) rig_lane(1, 0, 0);

        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
                const char *answer = rig_command(bad[i]);
                if (strncmp(answer, "error: ", 7) != 0)
                        (void) fprintf(stderr, "%s%s\n", bad[i], answer);
                CHECK(strncmp(answer, "error: ", 7) == 0);
        }

        CHECK(rig_status_says(" lanes=1 draining=0"));
        rig_stop();
}

static void lines_may_come_in_pieces_or_together(void)
{
        char answer[1100];
        rig_begin();
        rig_start();

        rig_write(rig.control, "sta");
        CHECK(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == 0);
        CHECK(strncmp(rig_command("tus\nsta"), "ok pid=", 7) == 0);
        CHECK(strncmp(rig_command("tus\nstatus\nx\n"), "ok pid=", 7) == 0);
        CHECK(rig_answer(rig.control, answer, sizeof answer) && strncmp(answer, "ok pid=", 7) == 0);
        CHECK(rig_answer(rig.control, answer, sizeof answer) && strncmp(answer, "error: ", 7) == 0);

        rig_stop();
}

static void a_line_may_have_1024_bytes_and_no_more(void)
{
        char line[1400], answer[1100];
        memset(line, 'x', sizeof line);
        rig_begin();
        rig_start();
        int caller = rig_call("control.sock", SOCK_STREAM);

        line[1023] = '\n';
        CHECK(send(caller, line, 1024, 0) == 1024);
        CHECK(rig_answer(caller, answer, sizeof answer) && strncmp(answer, "error: unknown command", 22) == 0);
        line[1023] = 'x';
        CHECK(send(caller, line, sizeof line, 0) == sizeof line);
        CHECK(rig_answer(caller, answer, sizeof answer) && strncmp(answer, "error: ", 7) == 0);
        CHECK(!rig_answer(caller, answer, sizeof answer));

        CHECK(rig_status_says("ok "));
        rig_stop();
}

static void callers_of_another_user_are_refused(void)
{
        rig_begin();
        rig_start();
        if (geteuid() == 0) {
                /* The modes would keep it out before the master saw it. */
                CHECK(chmod(rig.directory, 0755) == 0);
                CHECK(chmod(rig_path("lanes.sock"), 0666) == 0 && chmod(rig_path("control.sock"), 0666) == 0);
                char answer[1100];
                CHECK(seteuid(65534) == 0);
                int lane = rig_raw_lane(), caller = rig_call("control.sock", SOCK_STREAM);
                CHECK(seteuid(0) == 0);
                rig_expect_end(lane);
                CHECK(!rig_answer(caller, answer, sizeof answer));
        }
        rig_stop();
}

static void too_many_callers_are_turned_away_and_the_others_served(void)
{
        char answer[1100];
        rig_begin();
        rig_start();
        for (int i = 1; i < 16; i++) {
                int caller = rig_call("control.sock", SOCK_STREAM);
                rig_write(caller, "status\n");
                CHECK(rig_answer(caller, answer, sizeof answer));
        }

        CHECK(!rig_answer(rig_call("control.sock", SOCK_STREAM), answer, sizeof answer));

        CHECK(rig_status_says("ok "));
        rig_stop();
}

/* ---- leaving and stopping */

static void a_leave_is_answered_by_a_drain(void)
{
        static const struct lane_head leave = {.type = LANE_LEAVE};
        rig_begin();
        rig_start();
        int leaving = rig_lane(1, 0, 0), other = rig_lane(2, 0, 0);
        rig_set_load(2, 0, 0, 1000);

        CHECK(send(leaving, &leave, sizeof leave, 0) == sizeof leave);
        rig_expect(leaving, LANE_DRAIN);

        (void) rig_client();
        (void) rig_take(other, 1, 1);
        CHECK(!rig_has_message(leaving));
        CHECK(rig_status_says(" lanes=2 draining=1"));
        rig_stop();
}

static bool exists(const char *name)
{
        struct stat status;
        return lstat(rig_path(name), &status) == 0;
}

static void stop_dispatches_what_waits_then_drains_and_exits(void)
{
        enum { WAITING = 300 };
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        CHECK(kill(rig.master, SIGSTOP) == 0);
        for (int i = 0; i < WAITING; i++)
                (void) rig_client();
        rig_write(rig.control, "stop\n");
        CHECK(kill(rig.master, SIGCONT) == 0);

        (void) rig_take(lane, WAITING, 1);

        rig_expect(lane, LANE_DRAIN);
        char answer[64];
        CHECK(rig_answer(rig.control, answer, sizeof answer) && strcmp(answer, "ok") == 0);
        CHECK(rig_status_says("accepting=no listening= lanes=1 draining=1"));
        rig_close_lanes();
        CHECK(rig_exit_code(rig.master) == 0);
        CHECK(!exists("lanes.sock") && !exists("control.sock") && exists("master.lock"));
}

static void a_stop_without_lanes_exits_at_once(void)
{
        rig_begin();
        rig_start();

        CHECK(strcmp(rig_command("stop\n"), "ok") == 0);

        CHECK(rig_exit_code(rig.master) == 0);
}

static void a_stopped_master_refuses_connections_and_takes_no_lane(void)
{
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0), greeting = rig_raw_lane();
        CHECK(strcmp(rig_command("stop\n"), "ok") == 0);
        rig_expect(lane, LANE_DRAIN);

        address.sin_port = htons(rig.port);
        int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        CHECK(connect(client, (struct sockaddr *) &address, sizeof address) < 0 && errno == ECONNREFUSED);
        rig_expect_end(greeting);
        struct lane_hello hello = rig_hello(2, 0, 0);
        int late = rig_raw_lane();
        (void) send(late, &hello, sizeof hello, MSG_NOSIGNAL);
        rig_expect_end(late);
        rig_close_lanes();
        CHECK(rig_exit_code(rig.master) == 0);
}

static void check_signal_stops(int number)
{
        enum { WAITING = 100 };
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        CHECK(kill(rig.master, SIGSTOP) == 0);
        for (int i = 0; i < WAITING; i++)
                (void) rig_client();
        CHECK(kill(rig.master, number) == 0 && kill(rig.master, SIGCONT) == 0);

        (void) rig_take(lane, WAITING, 1);
        rig_expect(lane, LANE_DRAIN);

        CHECK(rig_is_alive());
        rig_close_lanes();
        CHECK(rig_exit_code(rig.master) == 0);
        CHECK(!exists("lanes.sock") && !exists("control.sock"));
}

static void sigterm_stops_as_the_command_does(void)
{
        check_signal_stops(SIGTERM);
}

static void sigint_stops_as_the_command_does(void)
{
        check_signal_stops(SIGINT);
}

static void sigquit_stops_as_the_command_does(void)
{
        check_signal_stops(SIGQUIT);
}

static void a_second_sigterm_ends_it_at_once(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);
        CHECK(kill(rig.master, SIGTERM) == 0);
        rig_expect(lane, LANE_DRAIN);
        CHECK(kill(rig.master, SIGQUIT) == 0);
        CHECK(rig_status_says(" lanes=1 draining=1"));

        CHECK(kill(rig.master, SIGTERM) == 0);

        CHECK(rig_exit_code(rig.master) == 0);
        rig_expect_end(lane);
        CHECK(!exists("lanes.sock") && !exists("control.sock"));
}

static void a_master_starts_over_the_sockets_of_one_that_was_killed(void)
{
        rig_begin();
        rig_start();
        int orphan = rig_lane(1, 0, 0);
        (void) rig_client();
        (void) rig_take(orphan, 1, 1);
        CHECK(kill(rig.master, SIGKILL) == 0);
        CHECK(rig_exit_code(rig.master) == 128 + SIGKILL);
        rig_expect_end(orphan);
        CHECK(exists("lanes.sock") && exists("control.sock"));

        rig_start();

        int lane = rig_lane(1, 0, 0);
        (void) rig_client();
        (void) rig_take(lane, 1, 2);            /* its numbers go on where the first master's ended */
        CHECK(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == 2);
        rig_stop();
}

/* ---- beginning */

/* Runs a master that must refuse to begin, with these instead of good arguments where they are not NULL. */
static int run_with(const char *directory, const char *region, const char *loops, const char *listen)
{
        char program[] = "drover-master", own_region[128];
        (void) snprintf(own_region, sizeof own_region, "%s", rig_path("region"));
        char *copies[] = {
                strdup(directory ? directory : rig.directory), strdup(region ? region : own_region),
                strdup(loops ? loops : "2"), strdup(listen ? listen : "127.0.0.1:0"),
        };
        char *arguments[] = {program, "--run-directory", copies[0], "--region", copies[1], "--loops", copies[2],
                             "--listen", copies[3], NULL};
        int code = rig_run(arguments);
        for (size_t i = 0; i < 4; i++)
                free(copies[i]);
        return code;
}

static void a_second_master_in_the_run_directory_is_refused(void)
{
        rig_begin();
        rig_start();
        int lane = rig_lane(1, 0, 0);

        CHECK(run_with(NULL, NULL, NULL, NULL) == EXIT_LOCKED);

        CHECK(log_has("another master runs there"));
        (void) rig_client();
        (void) rig_take(lane, 1, 1);
        (void) rig_lane(2, 0, 0);
        rig_stop();
}

static void a_port_in_use_is_refused(void)
{
        char address[32], directory[128], region[160];
        rig_begin();
        rig_start();
        (void) snprintf(address, sizeof address, "127.0.0.1:%d", rig.port);
        (void) snprintf(directory, sizeof directory, "%s", rig_path("second"));
        (void) snprintf(region, sizeof region, "%s", rig_path("region"));
        CHECK(mkdir(directory, 0700) == 0);

        int code = run_with(directory, region, NULL, address);

        (void) snprintf(region, sizeof region, "%s/master.lock", directory);
        CHECK(unlink(region) == 0 && rmdir(directory) == 0);    /* nothing else was left there */
        CHECK(code == EXIT_LISTEN);
        CHECK(log_has(address));
        rig_stop();
}

static void bad_arguments_are_wrong_usage(void)
{
        char program[] = "drover-master", path[128];
        rig_begin();
        (void) snprintf(path, sizeof path, "%s", rig_path("region"));
        char *const bad[][12] = {
                {program, NULL},
                {program, "--help", NULL},
                {program, "--run-directory", rig.directory, "--region", path, "--loops", "2", NULL},
                {program, "--run-directory", rig.directory, "--region", path, "--listen", "127.0.0.1:0", NULL},
                {program, "--run-directory", rig.directory, "--loops", "2", "--listen", "127.0.0.1:0", NULL},
                {program, "--region", path, "--loops", "2", "--listen", "127.0.0.1:0", NULL},
                {program, "--run-directory", rig.directory, "--region", path, "--loops", "2", "--listen", NULL},
                {program, "--run-directory", rig.directory, "--region", path, "--loops", "2", "--listen", "127.0.0.1:0",
                 "more", NULL},
                {program, "--run-directory", rig.directory, "--region", path, "--loops", "2", "--listen", "127.0.0.1:0",
                 "--unknown", NULL},
        };
        for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
                CHECK(rig_run(bad[i]) == EXIT_USAGE);

        static const char *const loops[] = {"", "0", "-1", "65", "2x", "x", "99999999999999999999"};
        for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++)
                CHECK(run_with(NULL, NULL, loops[i], NULL) == EXIT_USAGE);
        CHECK(run_with(NULL, NULL, NULL, "localhost:80") == EXIT_USAGE);
        CHECK(run_with(NULL, NULL, NULL, "127.0.0.1:65536") == EXIT_USAGE);
}

static void too_many_listen_addresses_are_wrong_usage(void)
{
        char program[] = "drover-master", path[128];
        char *arguments[7 + 2 * (MAX_LISTENERS + 1) + 1] = {program, "--run-directory", rig.directory, "--region", path,
                                                            "--loops", "2"};
        rig_begin();
        (void) snprintf(path, sizeof path, "%s", rig_path("region"));
        for (size_t i = 0; i <= MAX_LISTENERS; i++) {
                arguments[7 + 2 * i] = "--listen";
                arguments[8 + 2 * i] = "127.0.0.1:0";
        }

        CHECK(rig_run(arguments) == EXIT_USAGE);
}

static void a_run_directory_that_others_may_enter_is_refused(void)
{
        static const mode_t modes[] = {0755, 0710, 0701, 0770};
        rig_begin();
        for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
                CHECK(chmod(rig.directory, modes[i]) == 0);
                CHECK(run_with(NULL, NULL, NULL, NULL) == EXIT_USAGE);
        }
        CHECK(log_has("it must be ours, with mode 0700"));
        CHECK(!exists("master.lock"));
}

static void a_run_directory_that_is_none_is_refused(void)
{
        rig_begin();

        CHECK(run_with("/dev/shm/drover-master-test-none", NULL, NULL, NULL) == EXIT_USAGE);
        CHECK(run_with(rig_path("region"), NULL, NULL, NULL) == EXIT_USAGE);
}

static void a_bad_region_is_refused(void)
{
        char missing[128];
        rig_begin();
        (void) snprintf(missing, sizeof missing, "%s", rig_path("none"));

        CHECK(run_with(NULL, missing, NULL, NULL) == EXIT_REGION);
        CHECK(run_with(NULL, NULL, "3", NULL) == EXIT_REGION);
        *region_file_word(rig.region, REGION_HEADER_MAGIC) = 0;
        CHECK(run_with(NULL, NULL, NULL, NULL) == EXIT_REGION);

        CHECK(log_has("No such file") && log_has("another number of event loops") && log_has("it is not a statistics region"));
        CHECK(!exists("lanes.sock") && !exists("control.sock"));
}

static mode_t mode_of(const char *name)
{
        struct stat status;
        CHECK(lstat(rig_path(name), &status) == 0);
        return status.st_mode;
}

static void sockets_and_lock_are_for_the_owner_only(void)
{
        (void) umask(0);
        rig_begin();
        rig_start();

        CHECK(mode_of("lanes.sock") == (S_IFSOCK | 0600));
        CHECK(mode_of("control.sock") == (S_IFSOCK | 0600));
        CHECK(mode_of("master.lock") == (S_IFREG | 0600));
        rig_stop();
}

/* ---- out of descriptors */

/* How often the master's loop turns while the given time passes. */
static uint64_t turns_within(uint64_t ms)
{
        uint64_t before = rig_turns(), until = rig_now_ms() + ms;
        WAIT(rig_now_ms() >= until);
        return rig_turns() - before;
}

static void few_descriptors_make_it_pause_and_lose_nothing(void)
{
        rig_begin();
        rig_start_with("127.0.0.1:0", 32);
        for (int i = 0; i < 100; i++)
                (void) rig_client();

        int lane = rig_lane(1, 0, 0);

        (void) rig_take(lane, 100, 1);
        CHECK(rig_count(COUNTER_ACCEPT_PAUSES) >= 1 && rig_count(COUNTER_ACCEPT_PAUSES) <= 20);
        CHECK(log_has("accepting paused"));
        CHECK(rig_count(COUNTER_CONNECTIONS_ACCEPTED) == 100);
        rig_stop();
}

static void without_descriptors_it_waits_and_does_not_spin(void)
{
        rig_begin();
        rig_start_with("127.0.0.1:0", 32);
        int lane = rig_lane(1, 0, 0);
        int spare = 32 - descriptors_of_master(32);
        for (int i = 0; i < spare; i++)
                (void) rig_lane(2 + i, 0, 0);
        for (int i = 0; i < spare; i++)
                rig_set_load(2 + i, 0, 0, 1000);

        (void) rig_client();
        WAIT(rig_count(COUNTER_ACCEPT_PAUSES) >= 2);
        CHECK(turns_within(300) < 150);
        (void) rig_raw_lane();
        (void) rig_call("control.sock", SOCK_STREAM);
        CHECK(turns_within(300) < 150);

        /* Room again: everybody who waited is served. */
        for (int i = 0; i < spare; i++)
                CHECK(shutdown(rig.lanes[1 + i], SHUT_RDWR) == 0);
        (void) rig_take(lane, 1, 1);
        (void) rig_lane(60, 0, 0);
        rig_stop();
}

int main(int count, char **arguments)
{
        if (count != 2) {
                (void) fprintf(stderr, "use: master_test DROVER-MASTER\n");
                return 2;
        }
        rig_program = arguments[1];
        check_after = rig_remove;
        RUN(a_hello_is_answered_by_a_welcome);
        RUN(every_slot_seat_and_loop_can_have_a_lane);
        RUN(a_bad_hello_closes_its_own_lane_only);
        RUN(a_first_message_of_another_length_closes_its_own_lane_only);
        RUN(an_out_of_place_message_ends_an_open_lane);
        RUN(a_descriptor_sent_by_a_worker_is_not_kept);
        RUN(a_caller_that_says_no_hello_is_closed);
        RUN(a_connection_arrives_with_its_peer_and_ready_to_use);
        RUN(an_ipv6_connection_arrives_with_its_peer);
        RUN(a_client_that_says_nothing_arrives_all_the_same);
        RUN(the_master_reads_nothing_that_a_client_sent);
        RUN(twenty_thousand_connections_arrive_and_none_stays_behind);
        RUN(a_lane_with_a_stale_heartbeat_gets_nothing_until_it_beats_again);
        RUN(garbage_in_a_heartbeat_is_no_heartbeat);
        RUN(the_lane_with_the_fewest_connections_is_chosen);
        RUN(connections_that_go_at_once_are_spread_over_lanes_with_the_same_load);
        RUN(connections_that_go_at_once_are_spread_over_lanes_with_about_the_same_load);
        RUN(garbage_in_a_gauge_counts_as_a_heavy_load);
        RUN(without_a_lane_connections_wait_in_the_backlog);
        RUN(a_lane_that_vanishes_leaves_the_others_to_work);
        RUN(a_full_lane_is_passed_over_for_another);
        RUN(a_connection_that_no_lane_takes_for_five_seconds_is_answered_503_and_counted);
        RUN(without_a_worker_for_too_long_whoever_waits_in_the_backlog_is_answered_503);
        RUN(what_a_killed_worker_had_not_taken_goes_to_a_sibling_in_order);
        RUN(what_a_living_worker_does_not_take_goes_to_nobody_else);
        RUN(a_lane_has_credit_for_64_connections_that_its_worker_has_not_taken);
        RUN(garbage_in_the_counter_of_connections_taken_holds_nothing_up);
        RUN(an_acknowledgement_of_more_than_was_sent_ends_the_lane);
        RUN(a_connection_that_a_full_lane_did_not_take_goes_to_the_next);
        RUN(what_is_handed_back_goes_to_a_sibling_with_all_it_brings);
        RUN(a_draining_lane_hands_back_many_and_none_is_lost);
        RUN(what_nobody_else_can_take_comes_back_to_be_finished);
        RUN(what_a_dead_worker_had_handed_back_is_passed_on);
        RUN(a_hand_back_that_does_not_fit_its_records_ends_the_lane_and_leaks_nothing);
        RUN(a_drain_says_whether_and_why_connections_are_handed_over);
        RUN(a_stop_tells_those_that_hand_over_to_finish_alone);
        RUN(rebalance_asks_those_above_their_share);
        RUN(a_worker_that_is_fresh_a_moment_after_a_rebalance_gets_its_share_too);
        RUN(the_first_loop_of_each_worker_has_the_listening_sockets_in_custody);
        RUN(a_killed_master_refuses_nobody_and_its_successor_serves_them);
        RUN(an_adopting_master_takes_the_first_of_each_and_leaks_nothing);
        RUN(what_no_worker_brings_within_a_second_is_opened);
        RUN(a_worker_that_calls_late_is_waited_for);
        RUN(leave_ends_without_a_drain_and_refuses_nobody);
        RUN(a_stopped_master_is_not_listened_for_by_its_workers);
        RUN(listen_and_unlisten_move_the_server_to_another_address);
        RUN(status_says_who_where_and_how_many);
        RUN(drain_of_a_slot_drains_both_its_seats_and_no_other);
        RUN(drain_of_a_seat_leaves_the_other_seat);
        RUN(drain_without_a_lane_is_an_error);
        RUN(a_full_lane_gets_its_drain_after_its_connections);
        RUN(bad_commands_are_errors_and_change_nothing);
        RUN(lines_may_come_in_pieces_or_together);
        RUN(a_line_may_have_1024_bytes_and_no_more);
        RUN(callers_of_another_user_are_refused);
        RUN(too_many_callers_are_turned_away_and_the_others_served);
        RUN(a_leave_is_answered_by_a_drain);
        RUN(stop_dispatches_what_waits_then_drains_and_exits);
        RUN(a_stop_without_lanes_exits_at_once);
        RUN(a_stopped_master_refuses_connections_and_takes_no_lane);
        RUN(sigterm_stops_as_the_command_does);
        RUN(sigint_stops_as_the_command_does);
        RUN(sigquit_stops_as_the_command_does);
        RUN(a_second_sigterm_ends_it_at_once);
        RUN(a_master_starts_over_the_sockets_of_one_that_was_killed);
        RUN(a_second_master_in_the_run_directory_is_refused);
        RUN(a_port_in_use_is_refused);
        RUN(bad_arguments_are_wrong_usage);
        RUN(too_many_listen_addresses_are_wrong_usage);
        RUN(a_run_directory_that_others_may_enter_is_refused);
        RUN(a_run_directory_that_is_none_is_refused);
        RUN(a_bad_region_is_refused);
        RUN(sockets_and_lock_are_for_the_owner_only);
        RUN(few_descriptors_make_it_pause_and_lose_nothing);
        RUN(without_descriptors_it_waits_and_does_not_spin);
        return check_result();
}
