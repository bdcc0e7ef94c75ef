#include "region.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"

#define ATTACH_FAILED ((void *) -1)

_Static_assert(REGION_SECTION_SIZE == REGION_SECTION_COUNTERS + REGION_COUNTER_CAPACITY * 8, "sections hold the counters");
_Static_assert(COUNTERS <= REGION_COUNTER_CAPACITY, "every counter has a place");
_Static_assert(REGION_SECTION_SIZE % 128 == 0 && REGION_SEAT_HEAD_SIZE % 128 == 0 && REGION_FIRST_SEAT % 128 == 0 &&
                       REGION_VHOST_NAME_SIZE % 128 == 0 && REGION_RECORDER_SIZE % 128 == 0 &&
                       REGION_VHOST_BLOCK_SIZE % 128 == 0,
               "no two writers share a cache line or its neighbour");

static size_t loop_size(size_t vhosts)
{
        return REGION_SECTION_SIZE + REGION_RECORDER_SIZE + vhosts * REGION_VHOST_BLOCK_SIZE;
}

static size_t before_loops(size_t vhosts)
{
        return REGION_SEAT_HEAD_SIZE + REGION_SECTION_SIZE + vhosts * REGION_VHOST_NAME_SIZE;
}

static size_t seat_size(int loops, size_t vhosts)
{
        return before_loops(vhosts) + (size_t) loops * loop_size(vhosts);
}

static size_t file_size(int loops, size_t vhosts)
{
        return REGION_FIRST_SEAT + (size_t) REGION_SLOTS * REGION_SEATS * seat_size(loops, vhosts);
}

static size_t loop_section(const struct region *region, int slot, int seat, int loop)
{
        size_t nth = (size_t) (slot - 1) * REGION_SEATS + (size_t) seat;
        return REGION_FIRST_SEAT + nth * seat_size(region->loops, region->vhosts) + before_loops(region->vhosts) +
               (size_t) loop * loop_size(region->vhosts);
}

static _Atomic uint64_t *word(const struct region *region, size_t offset)
{
        return (_Atomic uint64_t *) (void *) (region->base + offset);
}

static uint64_t load(const struct region *region, size_t offset)
{
        return atomic_load_explicit(word(region, offset), memory_order_relaxed);
}

/* Whether the region is of this boot. Its monotonic times and pids mean nothing in another. */
static bool is_of_this_boot(const struct region *region)
{
        uint32_t a;
        uint16_t b, c, d;
        uint64_t e;
        FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
        if (!file)
                return false;
        int found = fscanf(file, "%8" SCNx32 "-%4" SCNx16 "-%4" SCNx16 "-%4" SCNx16 "-%12" SCNx64, &a, &b, &c, &d, &e);
        (void) fclose(file);
        return found == 5 && load(region, REGION_HEADER_BOOT_ID) == ((uint64_t) a << 32 | (uint64_t) b << 16 | c) &&
               load(region, REGION_HEADER_BOOT_ID + 8) == ((uint64_t) d << 48 | e);
}

static const char *check(const struct region *region)
{
        if (atomic_load_explicit(word(region, REGION_HEADER_MAGIC), memory_order_acquire) != REGION_MAGIC)
                return "it is not a statistics region";
        if (load(region, REGION_HEADER_VERSION) != REGION_VERSION)
                return "its layout has another version";
        if (load(region, REGION_HEADER_SLOTS) != REGION_SLOTS ||
            load(region, REGION_HEADER_COUNTER_CAPACITY) != REGION_COUNTER_CAPACITY ||
            load(region, REGION_HEADER_FILE_SIZE) != region->size || region->vhosts < 1 ||
            region->vhosts > REGION_MAX_VHOSTS)
                return "its header does not fit its version";
        if (load(region, REGION_HEADER_LOOPS) != (uint64_t) region->loops)
                return "it was laid out for another number of event loops";
        if (region->size != file_size(region->loops, region->vhosts))
                return "it has another size";
        if (!is_of_this_boot(region))
                return "it is from before the last boot";
        return NULL;
}

/* What the file says: the number of the shared memory, and its size. Returns 0; -errno; or 1 if it says something else. */
static int where(const char *path, int *ret_id, size_t *ret_size)
{
        char text[64];
        unsigned long id = 0;
        int end = 0;
        cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
                return -errno;
        ssize_t length = read(fd, text, sizeof text - 1);
        if (length < 0)
                return -errno;
        text[length] = '\0';
        if (sscanf(text, "shm %10lu %18zu%n", &id, ret_size, &end) != 2 || end + 1 != length || text[end] != '\n' ||
            id > INT_MAX)
                return 1;
        *ret_id = (int) id;
        return 0;
}

int region_open(const char *path, int loops, struct region *ret_region, const char **ret_why)
{
        int id = 0;
        size_t size = 0;
        int failed = where(path, &id, &size);
        struct shmid_ds status;
        if (failed < 0)
                return failed;
        if (failed > 0) {
                *ret_why = "it is not a statistics region";
                return -EPROTO;
        }
        if (shmctl(id, IPC_STAT, &status) < 0) {
                *ret_why = "its memory is gone";
                return -EPROTO;
        }
        if (status.shm_segsz != size || size < REGION_HEADER_SIZE) {
                *ret_why = "it has another size";
                return -EPROTO;
        }

        struct region region = {.size = size, .loops = loops};
        void *base = shmat(id, NULL, 0);
        if (base == ATTACH_FAILED)
                return -errno;
        region.base = base;
        region.vhosts = load(&region, REGION_HEADER_VHOSTS);
        const char *why = check(&region);
        if (why) {
                region_close(&region);
                *ret_why = why;
                return -EPROTO;
        }
        *ret_region = region;
        return 0;
}

void region_close(struct region *region)
{
        (void) shmdt(region->base);
        region->base = NULL;
}

/* One writer, so a load and a store will do. */
void region_add(struct region *region, enum counter counter, uint64_t amount)
{
        size_t at = REGION_MASTER_SECTION + REGION_SECTION_COUNTERS + (size_t) counter * 8;
        atomic_store_explicit(word(region, at), load(region, at) + amount, memory_order_relaxed);
}

uint64_t region_counted(const struct region *region, enum counter counter)
{
        return load(region, REGION_MASTER_SECTION + REGION_SECTION_COUNTERS + (size_t) counter * 8);
}

void region_beat(struct region *region, uint64_t now)
{
        size_t turns = REGION_MASTER_SECTION + REGION_SECTION_TURNS;
        atomic_store_explicit(word(region, turns), load(region, turns) + 1, memory_order_relaxed);
        atomic_store_explicit(word(region, REGION_MASTER_SECTION + REGION_SECTION_HEARTBEAT), now, memory_order_release);
}

uint64_t region_loop_counter(const struct region *region, int slot, int seat, int loop, enum counter counter)
{
        return load(region, loop_section(region, slot, seat, loop) + REGION_SECTION_COUNTERS + (size_t) counter * 8);
}

uint64_t region_loop_heartbeat(const struct region *region, int slot, int seat, int loop)
{
        size_t at = loop_section(region, slot, seat, loop) + REGION_SECTION_HEARTBEAT;
        return atomic_load_explicit(word(region, at), memory_order_acquire);
}

uint64_t monotonic_ns(void)
{
        struct timespec now;
        (void) clock_gettime(CLOCK_MONOTONIC, &now);
        return (uint64_t) now.tv_sec * 1000000000u + (uint64_t) now.tv_nsec;
}
