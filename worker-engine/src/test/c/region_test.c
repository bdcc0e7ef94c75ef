/* region.c: what is accepted as a statistics region, and where the numbers are. */
#include "region.h"

#include <errno.h>
#include <sys/stat.h>

#include "check.h"
#include "region_file.h"

#define LOOPS 3

static char path[64];
static unsigned char *file;
static struct region region;

static void create(void)
{
        (void) snprintf(path, sizeof path, "/dev/shm/drover-region-test-%d", (int) getpid());
        file = region_file_create(path, LOOPS);
}

static void open_created(void)
{
        const char *why = NULL;
        create();
        CHECK(region_open(path, LOOPS, &region, &why) == 0);
}

static void remove_file(pid_t test, bool failed)
{
        char left[64];
        (void) failed;
        (void) snprintf(left, sizeof left, "/dev/shm/drover-region-test-%d", (int) test);
        (void) unlink(left);
}

static void check_refused(int loops, const char *reason)
{
        struct region untouched = {.size = 7};
        const char *why = NULL;

        CHECK(region_open(path, loops, &untouched, &why) == -EPROTO);

        CHECK(why && strcmp(why, reason) == 0);
        CHECK(untouched.size == 7 && !untouched.base);
}

static void a_good_file_opens(void)
{
        create();

        const char *why = NULL;
        int failed = region_open(path, LOOPS, &region, &why);

        CHECK(failed == 0 && !why);
        CHECK(region.base && region.loops == LOOPS && region.size == region_file_size(LOOPS));
        region_close(&region);
        CHECK(!region.base);
}

static void a_missing_file_is_refused_with_its_errno(void)
{
        const char *why = NULL;
        CHECK(region_open("/dev/shm/drover-region-test-none", LOOPS, &region, &why) == -ENOENT);
}

static void a_symbolic_link_is_refused(void)
{
        char target[96];
        const char *why = NULL;
        create();
        (void) snprintf(target, sizeof target, "%s-target", path);
        CHECK(rename(path, target) == 0 && symlink(target, path) == 0);

        int failed = region_open(path, LOOPS, &region, &why);

        CHECK(unlink(target) == 0);
        CHECK(failed == -ELOOP);
}

static void another_magic_is_refused(void)
{
        create();
        *region_file_word(file, REGION_HEADER_MAGIC) = 0;
        check_refused(LOOPS, "it is not a statistics region");
}

static void another_version_is_refused(void)
{
        create();
        *region_file_word(file, REGION_HEADER_VERSION) = REGION_VERSION + 1;
        check_refused(LOOPS, "its layout has another version");
}

static void another_number_of_loops_in_the_header_is_refused(void)
{
        create();
        *region_file_word(file, REGION_HEADER_LOOPS) = LOOPS + 1;
        check_refused(LOOPS, "it was laid out for another number of event loops");
}

static void a_file_for_another_number_of_loops_is_refused(void)
{
        create();
        check_refused(LOOPS + 1, "it was laid out for another number of event loops");
}

static void a_file_that_says_something_else_is_refused(void)
{
        static const char *const texts[] = {
                "", "shm", "shm 1", "shm 1 ", "shm 1 -5", "shm 1 2", "shm 1 2\n\n", "shm 1 2 3\n", "shm 99999999999 4096\n", "garbage",
        };
        create();
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
                region_file_say(path, texts[i]);
                check_refused(LOOPS, "it is not a statistics region");
        }
}

static void memory_that_is_gone_is_refused(void)
{
        create();
        region_file_say(path, "shm 2147483647 4096\n");
        check_refused(LOOPS, "its memory is gone");
}

static void memory_of_another_size_is_refused(void)
{
        char text[64] = {0};
        int id = shmget(IPC_PRIVATE, 8192, IPC_CREAT | 0600);
        create();
        CHECK(id >= 0);
        (void) snprintf(text, sizeof text, "shm %d 4096\n", id);
        region_file_say(path, text);
        const char *why = NULL;
        int failed = region_open(path, LOOPS, &region, &why);
        CHECK(shmctl(id, IPC_RMID, NULL) == 0);
        CHECK(failed == -EPROTO && strcmp(why, "it has another size") == 0);
}

static void whatever_becomes_of_the_file_counting_goes_on(void)
{
        open_created();
        CHECK(truncate(path, 0) == 0 && unlink(path) == 0);

        region_add(&region, COUNTER_CONNECTIONS_ACCEPTED, 1);

        CHECK(region_counted(&region, COUNTER_CONNECTIONS_ACCEPTED) == 1);
        region_close(&region);
}

static void a_header_that_contradicts_itself_is_refused(void)
{
        static const size_t fields[] = {REGION_HEADER_SLOTS, REGION_HEADER_COUNTER_CAPACITY, REGION_HEADER_FILE_SIZE};
        create();
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
                *region_file_word(file, fields[i]) += 1;
                check_refused(LOOPS, "its header does not fit its version");
                *region_file_word(file, fields[i]) -= 1;
        }
}

static void a_file_of_another_boot_is_refused(void)
{
        create();
        for (size_t half = 0; half < 2; half++) {
                *region_file_word(file, REGION_HEADER_BOOT_ID + 8 * half) ^= 1;
                check_refused(LOOPS, "it is from before the last boot");
                *region_file_word(file, REGION_HEADER_BOOT_ID + 8 * half) ^= 1;
        }
}

static void counters_add_up_in_the_masters_section(void)
{
        open_created();

        region_add(&region, COUNTER_CONNECTIONS_ACCEPTED, 1);
        region_add(&region, COUNTER_CONNECTIONS_ACCEPTED, 41);
        region_add(&region, COUNTER_ACCEPT_PAUSES, 2);

        size_t accepted = region_file_counter(REGION_MASTER_SECTION, COUNTER_CONNECTIONS_ACCEPTED);
        size_t pauses = region_file_counter(REGION_MASTER_SECTION, COUNTER_ACCEPT_PAUSES);
        size_t rejected = region_file_counter(REGION_MASTER_SECTION, COUNTER_CONNECTIONS_REJECTED_NO_WORKER);
        CHECK(*region_file_word(file, accepted) == 42);
        CHECK(*region_file_word(file, pauses) == 2);
        CHECK(*region_file_word(file, rejected) == 0);
        region_close(&region);
}

static void counters_go_on_where_a_former_master_left_them(void)
{
        open_created();
        region_add(&region, COUNTER_CONNECTIONS_ACCEPTED, 5);
        region_close(&region);
        const char *why = NULL;
        CHECK(region_open(path, LOOPS, &region, &why) == 0);

        region_add(&region, COUNTER_CONNECTIONS_ACCEPTED, 1);

        CHECK(*region_file_word(file, region_file_counter(REGION_MASTER_SECTION, COUNTER_CONNECTIONS_ACCEPTED)) == 6);
        region_close(&region);
}

static void a_beat_counts_a_turn_and_stores_the_time(void)
{
        open_created();

        region_beat(&region, 1000);
        region_beat(&region, 2000);

        CHECK(*region_file_word(file, REGION_MASTER_SECTION + REGION_SECTION_TURNS) == 2);
        CHECK(*region_file_word(file, REGION_MASTER_SECTION + REGION_SECTION_HEARTBEAT) == 2000);
        region_close(&region);
}

static void each_loop_of_each_seat_has_its_own_numbers(void)
{
        open_created();
        uint64_t mark = 0;
        for (int slot = 1; slot <= REGION_SLOTS; slot++)
                for (int seat = 0; seat < REGION_SEATS; seat++)
                        for (int loop = 0; loop < LOOPS; loop++) {
                                size_t section = region_file_section(LOOPS, slot, seat, loop);
                                *region_file_word(file, section + REGION_SECTION_HEARTBEAT) = ++mark;
                                *region_file_word(file, region_file_counter(section, COUNTER_CONNECTIONS_IDLE)) = ++mark;
                        }

        mark = 0;
        for (int slot = 1; slot <= REGION_SLOTS; slot++)
                for (int seat = 0; seat < REGION_SEATS; seat++)
                        for (int loop = 0; loop < LOOPS; loop++) {
                                CHECK(region_loop_heartbeat(&region, slot, seat, loop) == ++mark);
                                CHECK(region_loop_counter(&region, slot, seat, loop, COUNTER_CONNECTIONS_IDLE) == ++mark);
                        }
        region_close(&region);
}

static void the_last_section_ends_where_the_file_ends(void)
{
        open_created();
        size_t last = region_file_section(LOOPS, REGION_SLOTS, REGION_SEATS - 1, LOOPS - 1);
        CHECK(last + region_file_loop_size() == region.size);
        region_close(&region);
}

int main(void)
{
        check_after = remove_file;
        RUN(a_good_file_opens);
        RUN(a_missing_file_is_refused_with_its_errno);
        RUN(a_symbolic_link_is_refused);
        RUN(another_magic_is_refused);
        RUN(another_version_is_refused);
        RUN(another_number_of_loops_in_the_header_is_refused);
        RUN(a_file_for_another_number_of_loops_is_refused);
        RUN(a_file_that_says_something_else_is_refused);
        RUN(memory_that_is_gone_is_refused);
        RUN(memory_of_another_size_is_refused);
        RUN(whatever_becomes_of_the_file_counting_goes_on);
        RUN(a_header_that_contradicts_itself_is_refused);
        RUN(a_file_of_another_boot_is_refused);
        RUN(counters_add_up_in_the_masters_section);
        RUN(counters_go_on_where_a_former_master_left_them);
        RUN(a_beat_counts_a_turn_and_stores_the_time);
        RUN(each_loop_of_each_seat_has_its_own_numbers);
        RUN(the_last_section_ends_where_the_file_ends);
        return check_result();
}
