package drover.engine.files;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the order they came in, bounded by the sum of what each costs. Who goes first is SIEVE's choice (Zhang et al.,
 * NSDI 2024): a hand walks from the oldest to the newest, spares and unmarks those asked for since it last passed, and
 * takes the first that was not. A scan of files wanted once is thus swept out before it displaces what is wanted often.
 * The cache's lock guards it.
 */
final class FileOrder {

    private final long capacity;
    private @Nullable FileEntry oldest;
    private @Nullable FileEntry newest;
    private @Nullable FileEntry hand;
    private long cost;
    private long entries;

    FileOrder(long capacity) {
        this.capacity = capacity;
    }

    long capacity() {
        return capacity;
    }

    long cost() {
        return cost;
    }

    long entries() {
        return entries;
    }

    boolean hasRoomFor(long more) {
        return cost + more <= capacity;
    }

    void add(FileEntry entry, long itsCost) {
        entry.visited = false;
        entry.older = newest;
        if (newest != null) {
            newest.newer = entry;
        } else {
            oldest = entry;
        }
        newest = entry;
        cost += itsCost;
        entries++;
    }

    void remove(FileEntry entry, long itsCost) {
        hand = hand == entry ? entry.newer : hand;
        if (entry.newer != null) {
            entry.newer.older = entry.older;
        } else {
            newest = entry.older;
        }
        if (entry.older != null) {
            entry.older.newer = entry.newer;
        } else {
            oldest = entry.newer;
        }
        cost -= itsCost;
        entries--;
    }

    /** The one to go next; empty if there is none. */
    Optional<FileEntry> sieve() {
        var candidate = hand != null ? hand : oldest;
        while (candidate != null && candidate.visited) {
            candidate.visited = false;
            candidate = candidate.newer != null ? candidate.newer : oldest;
        }
        hand = candidate != null ? candidate.newer : null;
        return Optional.ofNullable(candidate);
    }
}
