package drover.engine.stats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

    private static final byte[] CLIENT = "192.0.2.7".getBytes(ISO_8859_1);

    @TempDir
    Path directory;

    private Region region;
    private Recorder recorder;

    @BeforeEach
    void createRegion() throws IOException {
        var file = directory.resolve("region");
        region = Region.create(file, new RegionLayout(1, 1));
        region.reserve(1);
        recorder = Seat.take(region, 1, 0, 1, 1, true).loops().getFirst().recorder();
    }

    private int begin(long begunNanos, String path) {
        var input = ("GET" + "www.example" + path).getBytes(ISO_8859_1);
        return recorder.begin(9, begunNanos, CLIENT, input, 0, 3, 3, 14, 14, input.length, path.endsWith("q"));
    }

    private List<Flight> flights() {
        return new RegionReader(region).flights(1, 0);
    }

    @Test
    void a_request_is_there_before_it_is_answered() {
        begin(5, "/secret?q");

        assertThat(flights())
                .containsExactly(new Flight(
                        0, Flight.Phase.ANSWERING, 0, "GET", "192.0.2.7", "www.example", "/secret?q?…", 9, 0, 5, 0, 5));
    }

    @Test
    void a_request_that_takes_longer_is_seen_with_what_it_has_done_until_it_is_over() {
        int ticket = recorder.park(begin(5, "/slow"), Flight.Phase.LOOKUP, 6);
        recorder.end(begin(7, "/fast"), 200, 10, 8);
        ticket = recorder.park(ticket, Flight.Phase.SENDING, 9);
        recorder.progress(ticket, 1234);

        var slow = flights().getFirst();

        assertThat(slow.path()).isEqualTo("/slow");
        assertThat(slow.phase()).isEqualTo(Flight.Phase.SENDING);
        assertThat(slow.bytes()).isEqualTo(1234);
        assertThat(slow.sinceNanos()).isEqualTo(9);
        assertThat(flights()).hasSize(2);

        recorder.end(ticket, 206, 5000, 20);

        assertThat(flights()).extracting(Flight::path).containsExactly("/slow", "/fast");
        assertThat(flights().getFirst().status()).isEqualTo(206);
        assertThat(flights().getFirst().endedNanos()).isEqualTo(20);
        assertThat(flights()).allMatch(Flight::isFinished);
    }

    @Test
    void the_last_ones_are_kept() {
        for (int i = 0; i < 3 * Recorder.RING; i++) {
            recorder.end(begin(i, "/" + i), 200, 0, i);
        }

        assertThat(flights()).hasSize(Recorder.RING);
        assertThat(flights().getFirst().path()).isEqualTo("/" + (3 * Recorder.RING - 1));
        assertThat(flights().getLast().path()).isEqualTo("/" + 2 * Recorder.RING);
    }

    @Test
    void more_than_there_is_room_for_are_seen_when_they_are_over() {
        var tickets = new int[Recorder.PARKED + 1];
        for (int i = 0; i < tickets.length; i++) {
            tickets[i] = recorder.park(begin(i, "/" + i), Flight.Phase.SENDING, i);
        }
        assertThat(flights()).hasSize(Recorder.PARKED);
        assertThat(tickets[Recorder.PARKED]).isEqualTo(Recorder.NONE);

        recorder.progress(Recorder.NONE, 1);
        recorder.end(Recorder.NONE, 200, 1, 1);
        recorder.cancel(tickets[0]);
        recorder.park(begin(1, "/next"), Flight.Phase.SENDING, 1);

        assertThat(flights()).hasSize(Recorder.PARKED).extracting(Flight::path).contains("/next");
    }

    @Test
    void who_is_put_off_is_not_seen_meanwhile() {
        recorder.cancel(begin(1, "/held"));

        assertThat(flights()).isEmpty();
    }

    @Test
    void long_texts_are_cut() {
        begin(1, "/" + "x".repeat(5000));

        assertThat(flights().getFirst().path()).hasSize(160);
    }

    @Test
    void whoever_takes_the_seat_starts_with_an_empty_one() {
        begin(1, "/old");

        Seat.take(region, 1, 0, 2, 2, true);

        assertThat(flights()).isEmpty();
    }

    @Test
    void whatever_lies_there_can_be_read() {
        long at = region.layout().recorder(1, 0, 0);
        for (int offset = 0; offset < Recorder.SIZE; offset += 8) {
            region.setOpaque(at + offset, -1L >>> (offset % 61));
        }

        assertThat(flights()).allMatch(flight -> flight.path().length() <= 162);
    }

    @Test
    void a_reader_never_sees_half_of_one_and_half_of_another() throws InterruptedException {
        var running = new AtomicBoolean(true);
        var writer = new Thread(() -> {
            for (int i = 0; running.get(); i++) {
                var text = Integer.toString(i % 10).repeat(100);
                recorder.end(begin(i % 10, "/" + text), 200 + i % 10, i % 10, i);
            }
        });
        writer.start();
        int seen = 0;
        try {
            for (int i = 0; i < 300; i++) {
                for (var flight : flights()) {
                    if (flight.isFinished()) {
                        int digit = flight.status() - 200;
                        assertThat(flight.path())
                                .isEqualTo("/" + Integer.toString(digit).repeat(100));
                        assertThat(flight.begunNanos()).isEqualTo(digit);
                        seen++;
                    }
                }
            }
        } finally {
            running.set(false);
            writer.join();
        }
        assertThat(seen).isPositive();
    }
}
