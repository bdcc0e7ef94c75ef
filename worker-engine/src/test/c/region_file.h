/* Writes statistics regions as admin does, good ones and spoiled ones; docs/formats/region.md. */
#ifndef DROVER_REGION_FILE_H
#define DROVER_REGION_FILE_H

#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

#include "check.h"
#include "region_layout.h"

#define REGION_FILE_VHOSTS 3

static inline size_t region_file_before_loops(void)
{
        return REGION_SEAT_HEAD_SIZE + REGION_SECTION_SIZE + REGION_FILE_VHOSTS * REGION_VHOST_NAME_SIZE;
}

static inline size_t region_file_loop_size(void)
{
        return REGION_SECTION_SIZE + REGION_RECORDER_SIZE + REGION_FILE_VHOSTS * REGION_VHOST_BLOCK_SIZE;
}

static inline size_t region_file_seat_size(int loops)
{
        return region_file_before_loops() + (size_t) loops * region_file_loop_size();
}

static inline size_t region_file_size(int loops)
{
        return REGION_FIRST_SEAT + REGION_SLOTS * REGION_SEATS * region_file_seat_size(loops);
}

/* Where the section of an event loop begins. */
static inline size_t region_file_section(int loops, int slot, int seat, int loop)
{
        size_t nth = (size_t) ((slot - 1) * REGION_SEATS + seat);
        return REGION_FIRST_SEAT + nth * region_file_seat_size(loops) + region_file_before_loops() +
               (size_t) loop * region_file_loop_size();
}

static inline size_t region_file_counter(size_t section, enum counter counter)
{
        return section + REGION_SECTION_COUNTERS + (size_t) counter * 8;
}

static inline _Atomic uint64_t *region_file_word(unsigned char *base, size_t offset)
{
        return (_Atomic uint64_t *) (void *) (base + offset);
}

/* The kernel's boot id, as the two halves that the header holds. */
static inline void region_file_boot_id(uint64_t ret_halves[2])
{
        unsigned a, b, c, d;
        unsigned long long e;
        FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
        CHECK(file);
        CHECK(fscanf(file, "%8x-%4x-%4x-%4x-%12llx", &a, &b, &c, &d, &e) == 5);
        (void) fclose(file);
        ret_halves[0] = (uint64_t) a << 32 | (uint64_t) b << 16 | c;
        ret_halves[1] = (uint64_t) d << 48 | e;
}

/* Writes what leads to the shared memory. */
static inline void region_file_say(const char *path, const char *text)
{
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t) strlen(text));
        (void) close(fd);
}

/* Creates the memory, which goes with the last process that has it, and the file that leads there, which the caller unlinks. */
static inline unsigned char *region_file_create(const char *path, int loops)
{
        char text[64];
        size_t size = region_file_size(loops);
        int id = shmget(IPC_PRIVATE, size, IPC_CREAT | SHM_NORESERVE | 0600);
        CHECK(id >= 0);
        unsigned char *base = shmat(id, NULL, 0);
        CHECK(base != (void *) -1);
        CHECK(shmctl(id, IPC_RMID, NULL) == 0);
        (void) snprintf(text, sizeof text, "shm %d %zu\n", id, size);
        region_file_say(path, text);

        uint64_t boot_id[2];
        region_file_boot_id(boot_id);
        *region_file_word(base, REGION_HEADER_VERSION) = REGION_VERSION;
        *region_file_word(base, REGION_HEADER_SLOTS) = REGION_SLOTS;
        *region_file_word(base, REGION_HEADER_LOOPS) = (uint64_t) loops;
        *region_file_word(base, REGION_HEADER_VHOSTS) = REGION_FILE_VHOSTS;
        *region_file_word(base, REGION_HEADER_COUNTER_CAPACITY) = REGION_COUNTER_CAPACITY;
        *region_file_word(base, REGION_HEADER_FILE_SIZE) = size;
        *region_file_word(base, REGION_HEADER_BOOT_ID) = boot_id[0];
        *region_file_word(base, REGION_HEADER_BOOT_ID + 8) = boot_id[1];
        *region_file_word(base, REGION_HEADER_MAGIC) = REGION_MAGIC;
        return base;
}

#endif
