/*
 * As many dashboards as may be open, each of which reads its event stream as it comes, and a Prometheus in a hurry. One
 * thread that looks at next to nothing of what it reads, so that what these cost a machine is what they cost Drover on it.
 *
 *     onlookers DASHBOARD-PORT DASHBOARDS METRICS-PORT SCRAPES-PER-SECOND
 *
 * The first line of its input is the Cookie of a session. It says "open" once each dashboard is, and to each further line
 * what was seen so far, "SCRAPES FEWEST-SNAPSHOTS BROKEN": the snapshots of the dashboard that got the fewest, and the
 * streams that have ended and scrapes that failed. It goes when its input ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MOST_DASHBOARDS 1000
#define READ_BYTES (256 * 1024)
#define HEAD_BYTES 8192
#define EVENTS 64

/* Those who have just gone are only let go when there is something to send to them. */
#define SECONDS_TO_GET_IN 30

static const char SNAPSHOT[] = "event:snapshot\n";
#define SNAPSHOT_LENGTH (sizeof SNAPSHOT - 1)

struct dashboard {
        int fd;
        uint64_t snapshots;
        size_t kept;                    /* bytes that may be the beginning of the next one's name */
        char end[SNAPSHOT_LENGTH];
};

static struct dashboard dashboards[MOST_DASHBOARDS];
static int dashboard_count;
static uint64_t scrapes, broken;
static int epoll_fd, timer_fd;
static char input[SNAPSHOT_LENGTH + READ_BYTES + 1];

static int metrics_port, metrics_fd = -1;
static bool head_is_read, is_last;
static int64_t body_left;
static uint64_t scrapes_due;

static void fail(const char *what)
{
        (void) fprintf(stderr, "onlookers: %s: %s\n", what, strerror(errno));
        exit(1);
}

static int connect_to(int port)
{
        struct sockaddr_in address = {
                .sin_family = AF_INET,
                .sin_port = htons((uint16_t) port),
                .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof address) < 0)
                fail("connect");
        return fd;
}

static void watch(int fd, void *what)
{
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
                fail("epoll_ctl");
}

/* ---- dashboards */

/* Reads a head byte by byte, as what comes behind it is a stream's; its status, or -1. */
static int read_head(int fd)
{
        char head[HEAD_BYTES];
        size_t length = 0;
        while (length < sizeof head - 1 && read(fd, head + length, 1) == 1) {
                head[++length] = '\0';
                if (length >= 4 && strcmp(head + length - 4, "\r\n\r\n") == 0)
                        return strncmp(head, "HTTP/1.1 ", 9) == 0 ? atoi(head + 9) : -1;
        }
        return -1;
}

static void open_dashboard(struct dashboard *dashboard, int port, const char *cookie)
{
        struct timespec begun, now, a_moment = {.tv_nsec = 100 * 1000 * 1000};
        (void) clock_gettime(CLOCK_MONOTONIC, &begun);
        for (;;) {
                dashboard->fd = connect_to(port);
                if (dprintf(dashboard->fd, "GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
                                           "Accept: text/event-stream\r\nCookie: %s\r\n\r\n", port, cookie) < 0)
                        fail("ask for a stream");
                int status = read_head(dashboard->fd);
                if (status == 200)
                        break;
                (void) close(dashboard->fd);
                (void) clock_gettime(CLOCK_MONOTONIC, &now);
                if (status != 503 || now.tv_sec - begun.tv_sec > SECONDS_TO_GET_IN) {
                        (void) fprintf(stderr, "onlookers: a stream was answered %d\n", status);
                        exit(1);
                }
                (void) nanosleep(&a_moment, NULL);
        }
        watch(dashboard->fd, dashboard);
}

static void read_stream(struct dashboard *dashboard)
{
        memcpy(input, dashboard->end, dashboard->kept);
        ssize_t count = recv(dashboard->fd, input + dashboard->kept, READ_BYTES, MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
                return;
        if (count <= 0) {
                broken++;
                (void) close(dashboard->fd);
                return;
        }
        char *at = input, *end = input + dashboard->kept + count, *found;
        while ((found = memmem(at, (size_t) (end - at), SNAPSHOT, SNAPSHOT_LENGTH))) {
                dashboard->snapshots++;
                at = found + SNAPSHOT_LENGTH;
        }
        dashboard->kept = (size_t) (end - at) < SNAPSHOT_LENGTH ? (size_t) (end - at) : SNAPSHOT_LENGTH - 1;
        memcpy(dashboard->end, end - dashboard->kept, dashboard->kept);
}

/* ---- scrapes */

static void ask_for_metrics(void)
{
        if (metrics_fd < 0) {
                metrics_fd = connect_to(metrics_port);
                watch(metrics_fd, &metrics_fd);
        }
        head_is_read = false;
        if (dprintf(metrics_fd, "GET /actuator/prometheus HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: */*\r\n\r\n",
                    metrics_port) < 0)
                fail("scrape");
}

static void leave_metrics(void)
{
        (void) close(metrics_fd);
        metrics_fd = -1;
}

static void scrape_is_over(bool good)
{
        if (good)
                scrapes++;
        else
                broken++;
        if (!good || is_last)
                leave_metrics();
        if (--scrapes_due > 0)
                ask_for_metrics();
}

/* An answer's head comes in one piece, with the beginning of its content. */
static void read_metrics(void)
{
        ssize_t count = recv(metrics_fd, input, READ_BYTES, MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
                return;
        if (count <= 0) {
                scrape_is_over(false);
                return;
        }
        if (!head_is_read) {
                input[count] = '\0';
                char *end = strstr(input, "\r\n\r\n");
                char *length = strcasestr(input, "\r\ncontent-length:");
                if (strncmp(input, "HTTP/1.1 200", 12) != 0 || !end || !length || length > end) {
                        scrape_is_over(false);
                        return;
                }
                head_is_read = true;
                *end = '\0';
                is_last = strcasestr(input, "\r\nconnection: close") != NULL; /* Tomcat says so each hundredth time. */
                body_left = atoll(strchr(length, ':') + 1);
                count -= end + 4 - input;
        }
        body_left -= count;
        if (body_left <= 0)
                scrape_is_over(body_left == 0);
}

/* A scrape that takes longer than until the next makes that wait for it. */
static void scrape_in_time(void)
{
        uint64_t times = 0;
        if (read(timer_fd, &times, sizeof times) != sizeof times)
                fail("read of the timer");
        bool idle = scrapes_due == 0;
        scrapes_due += times;
        if (idle)
                ask_for_metrics();
}

static void scrape_every(long nanoseconds)
{
        struct itimerspec often = {.it_interval.tv_nsec = nanoseconds, .it_value.tv_nsec = nanoseconds};
        timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
        if (timer_fd < 0 || timerfd_settime(timer_fd, 0, &often, NULL) < 0)
                fail("timer");
        watch(timer_fd, &timer_fd);
}

/* ---- whoever asks */

static void say_what_was_seen(void)
{
        uint64_t fewest = UINT64_MAX;
        for (int i = 0; i < dashboard_count; i++)
                if (dashboards[i].snapshots < fewest)
                        fewest = dashboards[i].snapshots;
        (void) printf("%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", scrapes, fewest, broken);
}

/* False once nobody will ask any more. */
static bool answer(void)
{
        char lines[64];
        ssize_t count = read(STDIN_FILENO, lines, sizeof lines);
        for (ssize_t i = 0; i < count; i++)
                if (lines[i] == '\n')
                        say_what_was_seen();
        return count > 0;
}

static void look_on(void)
{
        struct epoll_event events[EVENTS];
        for (;;) {
                int count = epoll_wait(epoll_fd, events, EVENTS, -1);
                for (int i = 0; i < count; i++) {
                        void *what = events[i].data.ptr;
                        if (what == &timer_fd)
                                scrape_in_time();
                        else if (what == &metrics_fd)
                                read_metrics();
                        else if (what != NULL)
                                read_stream(what);
                        else if (!answer())
                                return;
                }
        }
}

/* Not by stdio, which would keep back lines that epoll is to tell of. */
static void read_cookie(char *cookie, size_t size)
{
        size_t length = 0;
        while (length < size - 1 && read(STDIN_FILENO, cookie + length, 1) == 1 && cookie[length] != '\n')
                length++;
        cookie[length] = '\0';
}

int main(int count, char **arguments)
{
        if (count != 5 || (dashboard_count = atoi(arguments[2])) < 1 || dashboard_count > MOST_DASHBOARDS
            || atol(arguments[4]) < 2) {
                (void) fprintf(stderr, "use: onlookers DASHBOARD-PORT DASHBOARDS METRICS-PORT SCRAPES-PER-SECOND\n");
                return 2;
        }
        char cookie[4096];
        read_cookie(cookie, sizeof cookie);
        (void) signal(SIGPIPE, SIG_IGN);
        (void) setvbuf(stdout, NULL, _IOLBF, 0);
        metrics_port = atoi(arguments[3]);
        epoll_fd = epoll_create1(EPOLL_CLOEXEC);
        if (epoll_fd < 0)
                fail("epoll_create1");
        for (int i = 0; i < dashboard_count; i++)
                open_dashboard(&dashboards[i], atoi(arguments[1]), cookie);
        watch(STDIN_FILENO, NULL);
        scrape_every(1000000000L / atol(arguments[4]));
        (void) puts("open");
        look_on();
        return 0;
}
