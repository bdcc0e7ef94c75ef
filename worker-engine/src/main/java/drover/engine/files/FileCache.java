package drover.engine.files;

import drover.engine.vhost.Site;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The content of small files, and large ones open, bounded by bytes and by descriptors, shared by all threads of a worker. Reading takes no lock and allocates
 * nothing but the answer: a walk along one bucket, and a mark on the entry found. Only what exists on disk ever comes in, so
 * clients cannot fill it with names.
 *
 * <p>Eviction is SIEVE (Zhang et al., NSDI 2024): entries stand in the order they came in; a hand walks from the oldest to
 * the newest, spares and unmarks those asked for since it last passed, and takes the first that was not. A scan of files
 * wanted once is thus swept out before it displaces what is wanted often. The lock guards the order and the buckets'
 * chains against other writers.
 */
public final class FileCache {

    /** What an entry costs beside its content: objects, rendered fields, its place in the table. */
    private static final long OVERHEAD_BYTES = 512;

    private static final long BYTES_PER_BUCKET = 2048;

    private final long capacityBytes;
    /** What an open file costs: so much that no more of them fit in than may be open. */
    private final long bytesPerOpenFile;

    private final AtomicReferenceArray<@Nullable FileEntry> buckets;
    private @Nullable FileEntry oldest;
    private @Nullable FileEntry newest;
    private @Nullable FileEntry hand;
    private long bytes;
    private long entries;
    private long evictions;

    /** An empty cache; a capacity of 0 keeps nothing. */
    public FileCache(long capacityBytes, int mostOpenFiles) {
        this.capacityBytes = capacityBytes;
        this.bytesPerOpenFile = mostOpenFiles == 0 ? Long.MAX_VALUE / 16 : capacityBytes / mostOpenFiles;
        long wanted = Math.clamp(capacityBytes / BYTES_PER_BUCKET, 64, 1 << 18);
        this.buckets = new AtomicReferenceArray<>((int) Long.highestOneBit(wanted));
    }

    /** Finds a file by its decoded path. */
    public Optional<FileEntry> find(Site site, byte[] path, int length) {
        int hash = FileEntry.hash(site, path, length);
        for (var entry = buckets.get(bucket(hash)); entry != null; entry = entry.next) {
            if (entry.isFor(hash, site, path, length)) {
                if (!entry.visited) {
                    entry.visited = true;
                }
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** Whether a file of this size is worth a place: one may take an eighth at most. */
    boolean accepts(long size) {
        return size + OVERHEAD_BYTES <= capacityBytes / 8;
    }

    /** Whether so many open files are worth a place. */
    boolean acceptsOpenFiles(int count) {
        return accepts(count * bytesPerOpenFile);
    }

    /** Takes an entry in, in the place of an older one of the same path, and puts others out for it. */
    synchronized void put(FileEntry entry) {
        find(entry.site(), entry.path(), entry.path().length).ifPresent(this::remove);
        long cost = cost(entry);
        while (bytes + cost > capacityBytes && newest != null) {
            evict();
        }
        entry.visited = false;
        entry.older = newest;
        if (newest != null) {
            newest.newer = entry;
        } else {
            oldest = entry;
        }
        newest = entry;
        int bucket = bucket(entry.hash());
        entry.next = buckets.get(bucket);
        buckets.set(bucket, entry);
        bytes += cost;
        entries++;
    }

    private void evict() {
        var candidate = hand != null ? hand : oldest;
        while (candidate != null && candidate.visited) {
            candidate.visited = false;
            candidate = candidate.newer != null ? candidate.newer : oldest;
        }
        if (candidate != null) {
            hand = candidate.newer;
            remove(candidate);
            evictions++;
        }
    }

    /** Drops a path whose file is gone. */
    synchronized void remove(Site site, byte[] path) {
        find(site, path, path.length).ifPresent(this::remove);
    }

    private synchronized void remove(FileEntry entry) {
        unchain(entry);
        if (hand == entry) {
            hand = entry.newer;
        }
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
        bytes -= cost(entry);
        entries--;
        entry.release();
    }

    /** A reader that stands on the entry still finds its way on: its own link is left as it was. */
    private void unchain(FileEntry entry) {
        int bucket = bucket(entry.hash());
        var walker = buckets.get(bucket);
        if (walker == entry) {
            buckets.set(bucket, entry.next);
            return;
        }
        while (walker != null && walker.next != entry) {
            walker = walker.next;
        }
        if (walker != null) {
            walker.next = entry.next;
        }
    }

    private int bucket(int hash) {
        return hash & (buckets.length() - 1);
    }

    private long cost(FileEntry entry) {
        return entry.memoryBytes() + entry.openFiles() * bytesPerOpenFile + OVERHEAD_BYTES;
    }

    public synchronized long bytes() {
        return bytes;
    }

    public synchronized long entries() {
        return entries;
    }

    public synchronized long evictions() {
        return evictions;
    }
}
