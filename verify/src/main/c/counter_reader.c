/*
 * Reads one counter of the statistics region over and over while somebody writes k * 0x0000000100000001 to it, and counts
 * what may never be seen: halves that differ, and numbers that go back.
 *
 *     counter_reader REGION LOOPS READS
 *
 * Prints "READS TORN DECREASING LAST".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "region.h"

int main(int count, char **arguments)
{
        struct region region;
        const char *why = "";
        if (count != 4 || region_open(arguments[1], atoi(arguments[2]), &region, &why) != 0) {
                (void) fprintf(stderr, "use: counter_reader REGION LOOPS READS %s\n", why);
                return 2;
        }
        uint64_t reads = strtoull(arguments[3], NULL, 10), torn = 0, decreasing = 0, last = 0;
        for (uint64_t i = 0; i < reads; i++) {
                uint64_t value = region_loop_counter(&region, 1, 0, 0, COUNTER_REQUESTS_2XX);
                torn += value >> 32 != (value & 0xffffffff);
                decreasing += value < last;
                last = value;
        }
        (void) printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", reads, torn, decreasing, last);
        return 0;
}
