package drover.engine.files;

import drover.engine.http.AcceptEncoding;
import drover.engine.http.ContentCoding;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file, ready to be sent, in each coding that there is of it. Immutable but for the cache's own marks; any thread
 * may send it.
 */
public final class FileEntry {

    private static final long FRESH_NANOS = 1_000_000_000L;
    /** To look at a file all the time costs less than to have a request wait for a look once in so long. */
    private static final long WANTED_NANOS = 4 * FRESH_NANOS;

    private final Site site;
    private final byte[] path;
    private final int hash;
    private final List<Identity> identities;
    private final List<Optional<Content>> contents;
    private final long memoryBytes;
    private final int openFiles;

    /** When the file was last seen to be this one, System.nanoTime. Any thread may set it: each value is true. */
    private volatile long checkedAtNanos;

    /** How to find out quickly whether that is still true; none if only a full look can tell. */
    private volatile Optional<Sighting> sighting = Optional.empty();

    /** Set by readers without order, cleared by the one thread that keeps entries fresh; so is the next. */
    private boolean asked;

    private long askedAtNanos;

    /** Set by readers without order, cleared by the cache: whether it was asked for since the hand passed. */
    boolean visited;

    /** The next in the same bucket. */
    volatile @Nullable FileEntry next;
    /** Neighbours in the order of coming in; the cache's lock guards them. */
    @Nullable
    FileEntry newer;

    @Nullable
    FileEntry older;

    /**
     * @param identities of all files it was made from
     * @param contents one for each coding at most, and at least one
     */
    FileEntry(Site site, byte[] path, List<Identity> identities, List<Content> contents, long checkedAtNanos) {
        this.site = site;
        this.path = path;
        this.hash = hash(site, path, path.length);
        this.identities = List.copyOf(identities);
        this.contents = byCoding(contents);
        this.memoryBytes = contents.stream()
                .mapToLong(content -> content instanceof Content.InMemory memory
                        ? memory.source().size()
                        : 0)
                .sum();
        this.openFiles =
                (int) contents.stream().filter(Content.InFile.class::isInstance).count();
        this.checkedAtNanos = checkedAtNanos;
        this.askedAtNanos = checkedAtNanos;
    }

    private static List<Optional<Content>> byCoding(List<Content> contents) {
        var each = new ArrayList<Optional<Content>>();
        for (var coding : ContentCoding.values()) {
            each.add(contents.stream()
                    .filter(content -> content.representation().coding() == coding)
                    .findFirst());
        }
        return List.copyOf(each);
    }

    static int hash(Site site, byte[] path, int length) {
        int hash = site.name().hashCode();
        for (int i = 0; i < length; i++) {
            hash = 31 * hash + path[i];
        }
        return hash ^ (hash >>> 16);
    }

    boolean isFor(int hash, Site site, byte[] path, int length) {
        return this.hash == hash
                && this.site.name().equals(site.name())
                && Arrays.equals(this.path, 0, this.path.length, path, 0, length);
    }

    int hash() {
        return hash;
    }

    public Site site() {
        return site;
    }

    byte[] path() {
        return path;
    }

    List<Identity> identities() {
        return identities;
    }

    /** Whether the file was looked at within the last second, so that a change on disk shows within one. */
    public boolean isFresh(long nanoTime) {
        return nanoTime - checkedAtNanos < FRESH_NANOS;
    }

    /** Whether it was asked for of late, so that it shall be kept fresh: nobody waits then for a look at the disk. */
    boolean isWanted(long nanoTime) {
        if (asked) {
            asked = false;
            askedAtNanos = nanoTime;
        }
        return nanoTime - askedAtNanos < WANTED_NANOS;
    }

    void checked(long nanoTime) {
        checkedAtNanos = nanoTime;
    }

    /** A full look has found it unchanged or made it. */
    void checked(long nanoTime, Optional<Sighting> how) {
        sighting = how;
        checkedAtNanos = nanoTime;
    }

    Optional<Sighting> sighting() {
        return sighting;
    }

    /** What of it a client gets that accepts these; empty if there is nothing it could read. */
    public Optional<Content> content(AcceptEncoding accepted) {
        var order = accepted.order();
        for (int i = 0; i < order.size(); i++) {
            var content = contents.get(order.get(i).index());
            if (content.isPresent()
                    && (!accepted.ofPart() || content.get().representation().hasParts())) {
                return content;
            }
        }
        return Optional.empty();
    }

    /** Somebody asks for it. */
    void askedFor() {
        if (!visited) {
            visited = true;
        }
        if (!asked) {
            asked = true;
        }
    }

    /** The codings that there are of it. */
    public List<ContentCoding> codings() {
        return contents.stream()
                .flatMap(Optional::stream)
                .map(content -> content.representation().coding())
                .toList();
    }

    /** What its contents take in memory, all codings. */
    public long memoryBytes() {
        return memoryBytes;
    }

    /** How many open files it holds. */
    public int openFiles() {
        return openFiles;
    }

    /** The cache lets go of its contents; who sends one of them still holds it. */
    void release() {
        for (var content : contents) {
            if (content.isPresent()) {
                try {
                    content.get().release();
                } catch (IOException failure) {
                    throw new IllegalStateException("cannot close a file that was only read", failure);
                }
            }
        }
    }
}
