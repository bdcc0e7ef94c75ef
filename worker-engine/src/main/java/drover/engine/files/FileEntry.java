package drover.engine.files;

import drover.engine.vhost.Site;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One small file with its content, ready to be sent: what the response says of it is rendered once. Immutable but for the
 * cache's own marks; any thread may send it, each through its own {@link #body}.
 */
public final class FileEntry {

    private static final long FRESH_NANOS = 1_000_000_000L;

    private final Site site;
    private final byte[] path;
    private final int hash;
    private final Identity identity;
    private final Representation representation;
    private final ByteBuffer body;

    /** When the file was last seen to be this one, System.nanoTime. Any thread may set it: each value is true. */
    private volatile long checkedAtNanos;

    /** Set by readers without order, cleared by the cache: whether it was asked for since the hand passed. */
    boolean visited;

    /** The next in the same bucket. */
    volatile @Nullable FileEntry next;
    /** Neighbours in the order of coming in; the cache's lock guards them. */
    @Nullable
    FileEntry newer;

    @Nullable
    FileEntry older;

    FileEntry(
            Site site,
            byte[] path,
            Identity identity,
            Representation representation,
            ByteBuffer body,
            long checkedAtNanos) {
        this.site = site;
        this.path = path;
        this.hash = hash(site, path, path.length);
        this.identity = identity;
        this.representation = representation;
        this.body = body;
        this.checkedAtNanos = checkedAtNanos;
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

    Identity identity() {
        return identity;
    }

    /** Whether the file was looked at within the last second, so that a change on disk shows within one. */
    public boolean isFresh(long nanoTime) {
        return nanoTime - checkedAtNanos < FRESH_NANOS;
    }

    void checked(long nanoTime) {
        checkedAtNanos = nanoTime;
    }

    public Representation representation() {
        return representation;
    }

    public int size() {
        return body.capacity();
    }

    /** The content, in memory the kernel can send from; shared, so the caller takes a duplicate before it moves in it. */
    public ByteBuffer body() {
        return body;
    }
}
