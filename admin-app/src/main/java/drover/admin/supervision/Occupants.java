package drover.admin.supervision;

import drover.engine.stats.RegionLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The processes of one slot, each in a seat: at most one that starts, at most one that serves, and those that leave. */
final class Occupants {

    private Optional<Member> starting = Optional.empty();
    private Optional<Member> serving = Optional.empty();
    private final List<Member> leaving = new ArrayList<>();

    Optional<Member> starting() {
        return starting;
    }

    Optional<Member> serving() {
        return serving;
    }

    List<Member> leaving() {
        return List.copyOf(leaving);
    }

    /** The one that takes new connections first. */
    Stream<Member> all() {
        return Stream.of(serving.stream(), starting.stream(), leaving.stream()).flatMap(members -> members);
    }

    boolean isEmpty() {
        return all().findAny().isEmpty();
    }

    Optional<Integer> freeSeat() {
        var taken = all().map(Member::seat).toList();
        return IntStream.range(0, RegionLayout.SEATS)
                .boxed()
                .filter(seat -> !taken.contains(seat))
                .findFirst();
    }

    void begin(Member member) {
        starting = Optional.of(member);
    }

    /** The one that starts serves from here on; returns the one that has served, who is no longer among them. */
    Optional<Member> promote() {
        var predecessor = serving;
        serving = starting;
        starting = Optional.empty();
        return predecessor;
    }

    void leave(Member member) {
        remove(member);
        leaving.add(member);
    }

    void remove(Member member) {
        starting = starting.filter(other -> other != member);
        serving = serving.filter(other -> other != member);
        leaving.remove(member);
    }
}
