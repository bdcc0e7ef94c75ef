package drover.engine.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressLimitTest {

    private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.1");

    @TempDir
    Path directory;

    @Test
    void zero_is_no_limit_and_makes_no_file() throws IOException {
        assertThat(AddressLimit.open(directory, 1, 0, 0)).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void an_address_has_so_many_connections_over_all_workers() throws IOException {
        var one = open(1, 0, 3);
        var other = open(64, 1, 3);

        int first = one.enter(ADDRESS);
        assertThat(first).isNotNegative();
        assertThat(one.enter(ADDRESS)).isNotNegative();
        assertThat(other.enter(ADDRESS)).isNotNegative();
        assertThat(one.enter(ADDRESS)).isEqualTo(AddressLimit.REFUSED);
        assertThat(other.enter(ADDRESS)).isEqualTo(AddressLimit.REFUSED);
        assertThat(other.enter(InetAddress.ofLiteral("192.0.2.2"))).isNotNegative();

        one.leave(first);

        assertThat(other.enter(ADDRESS)).isNotNegative();
        assertThat(one.enter(ADDRESS)).isEqualTo(AddressLimit.REFUSED);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8::ffff:1, true",
        "2001:db8::1, 2001:db8:0:1::1, false",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0, ::, false",
        "192.0.2.1, ::ffff:192.0.2.1, true",
    })
    void an_ipv6_network_of_64_bits_is_one(String one, String other, boolean same) throws IOException {
        var limit = open(1, 0, 1);
        limit.enter(InetAddress.ofLiteral(one));

        assertThat(limit.enter(InetAddress.ofLiteral(other)) == AddressLimit.REFUSED)
                .isEqualTo(same);
    }

    @Test
    void the_connections_of_a_worker_that_left_or_died_count_no_more() throws IOException {
        var left = open(1, 0, 1);
        var living = open(2, 0, 1);
        left.enter(ADDRESS);
        assertThat(living.enter(ADDRESS)).isEqualTo(AddressLimit.REFUSED);

        left.end();

        assertThat(living.enter(ADDRESS)).isNotNegative();

        var killed = open(3, 0, 2);
        killed.enter(ADDRESS);
        assertThat(living.enter(ADDRESS)).isEqualTo(AddressLimit.REFUSED);

        killed.beat(System.nanoTime() - Duration.ofSeconds(6).toNanos());

        assertThat(open(4, 0, 2).enter(ADDRESS)).isNotNegative();
    }

    @Test
    void who_takes_a_seat_begins_at_nothing() throws IOException {
        var predecessor = open(1, 0, 1);
        predecessor.enter(ADDRESS);

        assertThat(open(1, 0, 1).enter(ADDRESS)).isNotNegative();
    }

    @Test
    void a_full_table_lets_connections_pass_and_counts_those_it_has() throws IOException {
        var limit = open(1, 0, 1);
        int uncounted = 0;
        for (int i = 0; i < 20_000; i++) {
            int place = limit.enter(InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256));
            assertThat(place).isNotEqualTo(AddressLimit.REFUSED);
            uncounted += place == AddressLimit.UNCOUNTED ? 1 : 0;
        }

        assertThat(uncounted).isEqualTo(20_000 - 512 * 16);
    }

    @Test
    void loops_and_workers_at_once_never_have_more_and_give_all_back() throws Exception {
        var workers = new AddressLimit[] {open(1, 0, 5), open(2, 0, 5)};
        var held = new AtomicInteger();
        var most = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(4)) {
            var loops = new ArrayList<Callable<Integer>>();
            for (int loop = 0; loop < 4; loop++) {
                var worker = workers[loop % 2];
                loops.add(() -> {
                    var places = new ArrayDeque<Integer>();
                    for (int round = 0; round < 50_000; round++) {
                        int place = worker.enter(ADDRESS);
                        if (place >= 0) {
                            most.accumulateAndGet(held.incrementAndGet(), Math::max);
                            places.add(place);
                        }
                        if (places.size() > 2 || (place < 0 && !places.isEmpty())) {
                            held.decrementAndGet();
                            worker.leave(places.remove());
                        }
                        worker.beat(System.nanoTime());
                    }
                    while (!places.isEmpty()) {
                        held.decrementAndGet();
                        worker.leave(places.remove());
                    }
                    return places.size();
                });
            }
            for (var done : threads.invokeAll(loops)) {
                assertThat(done.get()).isZero();
            }
        }

        assertThat(most.get()).isBetween(1, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(workers[i % 2].enter(ADDRESS)).isNotNegative();
        }
        assertThat(workers[0].enter(ADDRESS)).isEqualTo(AddressLimit.REFUSED);
    }

    @Test
    void a_file_of_another_size_is_refused() throws IOException {
        Files.write(directory.resolve("addresses-1"), new byte[10]);

        assertThatThrownBy(() -> open(1, 0, 1)).isInstanceOf(IOException.class).hasMessageContaining("10 bytes");
    }

    private AddressLimit open(int slot, int seat, int limit) throws IOException {
        return AddressLimit.open(directory, slot, seat, limit).orElseThrow();
    }
}
