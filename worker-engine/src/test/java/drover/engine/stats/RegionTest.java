package drover.engine.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionTest {

    private static final RegionLayout LAYOUT = new RegionLayout(2, 3);

    @TempDir
    Path directory;

    private Path file;
    private Region writer;

    @BeforeEach
    void createRegion() throws IOException {
        file = directory.resolve("region");
        writer = Region.create(file, LAYOUT);
        for (int slot = 1; slot <= 3; slot++) {
            writer.reserve(slot);
        }
    }

    @Test
    void what_one_process_counts_another_reads() throws IOException {
        var seat = Seat.take(writer, 3, 1, 4711, 1_000, true);
        seat.loops().get(0).section().add(Counter.REQUESTS_2XX, 5);
        seat.loops().get(1).section().increment(Counter.REQUESTS_2XX);
        seat.housekeeping().set(Counter.FILE_CACHE_BYTES, 77);
        seat.announce(SeatState.READY);

        var reading = new RegionReader(Region.openToRead(file)).seat(3, 1);

        assertThat(reading.state()).isEqualTo(SeatState.READY);
        assertThat(reading.pid()).isEqualTo(4711);
        assertThat(reading.startedAtMillis()).isEqualTo(1_000);
        assertThat(reading.counts().get(Counter.REQUESTS_2XX)).isEqualTo(6);
        assertThat(reading.counts().get(Counter.FILE_CACHE_BYTES)).isEqualTo(77);
        assertThat(new RegionReader(writer).seat(3, 0).counts().get(Counter.REQUESTS_2XX))
                .isZero();
    }

    @Test
    void whoever_takes_a_seat_over_goes_on_counting_but_starts_its_gauges_anew() {
        var first = Seat.take(writer, 1, 0, 1, 1, true).loops().get(0).section();
        first.add(Counter.REQUESTS_4XX, 9);
        first.add(Counter.CONNECTIONS_IDLE, 9);

        Seat.take(writer, 1, 0, 2, 2, true).loops().get(0).section().increment(Counter.REQUESTS_4XX);

        var counts = new RegionReader(writer).seat(1, 0).counts();
        assertThat(counts.get(Counter.REQUESTS_4XX)).isEqualTo(10);
        assertThat(counts.get(Counter.CONNECTIONS_IDLE)).isZero();
    }

    @Test
    void no_two_sections_overlap_and_all_lie_on_their_own_cache_lines() {
        var starts = new HashSet<Long>();
        starts.add((long) RegionLayout.MASTER_SECTION);
        for (int slot = 1; slot <= RegionLayout.SLOTS; slot++) {
            for (int seat = 0; seat < RegionLayout.SEATS; seat++) {
                starts.add(LAYOUT.housekeepingSection(slot, seat));
                for (int loop = 0; loop < LAYOUT.loops(); loop++) {
                    starts.add(LAYOUT.loopSection(slot, seat, loop));
                }
            }
        }

        var ordered = starts.stream().sorted().toList();

        assertThat(ordered).hasSize(1 + RegionLayout.SLOTS * RegionLayout.SEATS * 3);
        for (int i = 1; i < ordered.size(); i++) {
            assertThat(ordered.get(i) - ordered.get(i - 1)).isGreaterThanOrEqualTo(RegionLayout.SECTION_SIZE);
        }
        assertThat(ordered).allMatch(start -> start % 128 == 0);
        assertThat(LAYOUT.vhostBlock(RegionLayout.SLOTS, 1, 1, 2) + VhostBlock.SIZE)
                .isEqualTo(LAYOUT.fileSize());
        assertThat(LAYOUT.vhostBlock(1, 0, 0, 2) + VhostBlock.SIZE).isEqualTo(LAYOUT.loopSection(1, 0, 1));
        assertThat(LAYOUT.vhostBlock(1, 0, 1, 0) % 128).isZero();
        assertThat(LAYOUT.vhostName(1, 0, 2) + RegionLayout.VHOST_NAME_SIZE).isEqualTo(LAYOUT.loopSection(1, 0, 0));
    }

    @Test
    void only_slots_that_are_used_are_read() {
        writer.reserve(64);

        assertThat(new RegionReader(writer).slots()).containsExactly(1, 2, 3, 64);
        assertThatThrownBy(() -> Seat.take(writer, 9, 0, 1, 1, true)).hasMessageContaining("not reserved");
        assertThat(new RegionReader(writer).seat(9, 0).state()).isEqualTo(SeatState.EMPTY);
        assertThat(new RegionReader(writer).flights(9, 0)).isEmpty();
    }

    @Test
    void a_slot_that_was_used_keeps_what_was_counted_there() {
        Seat.take(writer, 1, 0, 1, 1, true).loops().getFirst().section().add(Counter.REQUESTS_2XX, 7);

        writer.reserve(1);

        assertThat(new RegionReader(writer).seat(1, 0).counts().get(Counter.REQUESTS_2XX))
                .isEqualTo(7);
    }

    @Test
    void eight_workers_of_two_loops_with_fifty_virtual_hosts_take_less_than_16_megabytes() {
        assertThat(RegionLayout.FIRST_SEAT + 8 * new RegionLayout(2, 51).slotSize())
                .isLessThan(16_000_000);
    }

    @Test
    void every_counter_fits_into_a_section() {
        assertThat(Counter.values()).hasSizeLessThanOrEqualTo(RegionLayout.COUNTER_CAPACITY);
    }

    @Test
    void only_its_owner_may_open_the_file() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(directory.resolve("region.new")).doesNotExist();
    }

    @Test
    void numbers_that_cannot_be_are_cut() {
        Seat.take(writer, 1, 0, 1, 1, true).loops().get(0).section().set(Counter.REQUESTS_2XX, -5);
        Seat.take(writer, 2, 0, 1, 1, true).loops().get(0).section().set(Counter.REQUESTS_2XX, Long.MAX_VALUE);
        writer.setOpaque(LAYOUT.seat(1, 0) + RegionLayout.SEAT_STATE, 99);

        var reader = new RegionReader(writer);

        assertThat(reader.seat(1, 0).counts().get(Counter.REQUESTS_2XX)).isZero();
        assertThat(reader.seat(2, 0).counts().get(Counter.REQUESTS_2XX)).isEqualTo(1L << 53);
        assertThat(reader.seat(1, 0).state()).isEqualTo(SeatState.EMPTY);
    }

    @ParameterizedTest
    @CsvSource({
        "0, is not a statistics region",
        "8, layout version",
        "16, does not fit its version",
        "24, does not fit its version",
        "32, does not fit its version",
        "40, bytes instead of",
        "72, does not fit its version",
        "56, before the last boot",
        "64, before the last boot",
    })
    void a_header_that_is_not_ours_is_refused_with_a_reason(int offset, String reason) {
        writer.setOpaque(offset, 0x7777_7777);

        assertThatThrownBy(() -> Region.openToRead(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shm", "shm 1 4096", "shm -1 4096\n", "shm 1 4096\nmore", "shm 99999999999 4096\n"})
    void a_file_that_says_something_else_is_refused(String text) throws IOException {
        Files.writeString(file, text);

        assertThatThrownBy(() -> Region.openToRead(file)).hasMessageContaining("is not a statistics region");
    }

    @Test
    void memory_that_is_gone_and_a_symbolic_link_are_refused() throws IOException {
        var link = Files.createSymbolicLink(directory.resolve("link"), file);
        var gone = Files.writeString(directory.resolve("gone"), "shm 2147483647 4096\n");
        var shorter = Files.writeString(
                directory.resolve("shorter"), Files.readString(file).replaceFirst(" \\d+\n", " 4096\n"));

        assertThatThrownBy(() -> Region.openToWrite(link)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Region.openToRead(gone)).hasMessageContaining("that is gone");
        assertThatThrownBy(() -> Region.openToRead(shorter)).hasMessageContaining("bytes instead of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted", "truncated", "garbage", "link", "header"})
    void whatever_becomes_of_the_file_counting_goes_on_and_it_is_repaired(String how) throws IOException {
        var counting = Seat.take(writer, 1, 0, 1, 1, true).loops().getFirst().section();
        switch (how) {
            case "deleted" -> Files.delete(file);
            case "truncated" -> Files.write(file, new byte[0]);
            case "garbage" -> Files.write(file, new byte[100_000]);
            case "link" -> {
                Files.delete(file);
                Files.createSymbolicLink(file, Path.of("/etc/passwd"));
            }
            default -> writer.setOpaque(RegionLayout.HEADER_LOOPS, 77);
        }
        counting.increment(Counter.REQUESTS_2XX);

        assertThat(writer.repair(file)).isPresent();

        assertThat(writer.repair(file)).isEmpty();
        assertThat(new RegionReader(Region.openToRead(file)).seat(1, 0).counts().get(Counter.REQUESTS_2XX))
                .isOne();
    }
}
