package drover.engine.files;

import drover.engine.files.Content.InFile;
import drover.engine.log.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the few files into memory that are asked for most, of those that are sent from their descriptors: what stays in the
 * processor's cache is cheaper to copy than to send page by page. Each pass of the thread that keeps files fresh chooses
 * anew, from what was asked for since the last.
 */
final class Hottest {

    /** Requests in a pass below which a file is not worth the reading. */
    private static final int LEAST_ASKED = 32;

    /** Who is in memory counts for more, so that two of a kind do not change places for ever. */
    private static final int BONUS = 2;

    /** Larger ones do not stay in the processor's cache beside others, and then sending page by page is cheaper. */
    private static final long LARGEST = 128 << 10;

    private final FileCache cache;
    private final long room;
    private final List<Candidate> candidates = new ArrayList<>();

    private record Candidate(FileEntry entry, long weight) {}

    /** Of files of so many bytes together. */
    Hottest(FileCache cache, long room) {
        this.cache = cache;
        this.room = room;
    }

    /** One that is in the cache. */
    void consider(FileEntry entry) {
        long asked = entry.takeAsked();
        if (entry.isHot() || (asked >= LEAST_ASKED && isFit(entry))) {
            candidates.add(new Candidate(entry, entry.isHot() ? BONUS * asked : asked));
        }
    }

    private static boolean isFit(FileEntry entry) {
        return entry.only()
                .filter(content ->
                        content instanceof InFile && content.representation().size() <= LARGEST)
                .isPresent();
    }

    /** The pass is over: who is among the hottest moves in, who is not moves out. */
    void settle() {
        candidates.sort(Comparator.comparingLong(Candidate::weight).reversed());
        var chosen = chosen();
        for (var candidate : candidates) {
            var entry = candidate.entry();
            if (entry.isHot() && !chosen.contains(entry)) {
                cache.drop(entry); // who asks for it next has it opened again
            } else if (!entry.isHot() && chosen.contains(entry)) {
                read(entry).ifPresent(next -> cache.replace(entry, next));
            }
        }
        candidates.clear();
    }

    private Set<FileEntry> chosen() {
        var chosen = new HashSet<FileEntry>();
        long left = room;
        for (var candidate : candidates) {
            long size = candidate.entry().only().orElseThrow().representation().size();
            if (size <= left && candidate.weight() >= LEAST_ASKED) {
                chosen.add(candidate.entry());
                left -= size;
            }
        }
        return chosen;
    }

    /** The same with its content in memory; nothing if the file changes meanwhile, which is found out elsewhere. */
    private static Optional<FileEntry> read(FileEntry entry) {
        if (!(entry.only().orElseThrow() instanceof InFile content) || !content.hold()) {
            return Optional.empty();
        }
        try {
            return Body.of(content.file(), entry.identities().getFirst()).map(entry::inMemory);
        } catch (IOException failure) {
            Log.warn("file not read site=" + entry.site().name() + " why=\"" + failure.getMessage() + "\"");
            return Optional.empty();
        } finally {
            letGo(content);
        }
    }

    private static void letGo(InFile content) {
        try {
            content.release();
        } catch (IOException failure) {
            throw new IllegalStateException("cannot close a file that was only read", failure);
        }
    }
}
