package drover.engine.files;

import drover.engine.vhost.Site;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The content of files, bounded by bytes, and other files open, bounded by their number; shared by all threads of a
 * worker. Reading takes no lock and allocates nothing but the answer: a walk along one bucket, and a mark on the entry
 * found. Only what exists on disk ever comes in, so clients cannot fill it with names.
 *
 * <p>What comes in displaces what {@link FileOrder} says. The lock guards the orders and the buckets' chains against other
 * writers.
 */
public final class FileCache {

    /** What an entry costs beside its content: objects, rendered fields, its place in the table. */
    private static final long OVERHEAD_BYTES = 512;

    private static final long BYTES_PER_BUCKET = 2048;

    private final FileOrder memory;
    private final FileOrder open;
    private final AtomicReferenceArray<@Nullable FileEntry> buckets;
    private long evictions;

    /** An empty cache; a capacity of 0 keeps nothing. */
    public FileCache(long capacityBytes, int mostOpenFiles) {
        this.memory = new FileOrder(capacityBytes);
        this.open = new FileOrder(capacityBytes == 0 ? 0 : mostOpenFiles);
        long wanted = Math.clamp(capacityBytes / BYTES_PER_BUCKET, 64, 1 << 18);
        this.buckets = new AtomicReferenceArray<>((int) Long.highestOneBit(wanted));
    }

    /** Finds a file by its decoded path. */
    public Optional<FileEntry> find(Site site, byte[] path, int length) {
        int hash = FileEntry.hash(site, path, length);
        for (var entry = buckets.get(bucket(hash)); entry != null; entry = entry.next) {
            if (entry.isFor(hash, site, path, length)) {
                entry.askedFor();
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** Finds it likewise, but nobody asks for it: what is kept and kept fresh is not touched. */
    public Optional<FileEntry> peek(Site site, byte[] path, int length) {
        int hash = FileEntry.hash(site, path, length);
        for (var entry = buckets.get(bucket(hash)); entry != null; entry = entry.next) {
            if (entry.isFor(hash, site, path, length)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** Lets go of everything. */
    public synchronized void clear() {
        forEach(this::remove);
    }

    /** An empty one of the same size. */
    public FileCache another() {
        return new FileCache(memory.capacity(), (int) open.capacity());
    }

    /** Goes through all entries; of those that come or go meanwhile, some. */
    void forEach(Consumer<FileEntry> action) {
        for (int bucket = 0; bucket < buckets.length(); bucket++) {
            for (var entry = buckets.get(bucket); entry != null; entry = entry.next) {
                action.accept(entry);
            }
        }
    }

    /** Whether content of this size is worth a place: one may take an eighth at most. */
    boolean accepts(long size) {
        return size + OVERHEAD_BYTES <= memory.capacity() / 8;
    }

    /** Whether so many open files are worth a place. */
    boolean acceptsOpenFiles(int count) {
        return count <= open.capacity() / 8;
    }

    /** Takes an entry in, in the place of an older one of the same path, and puts others out for it. */
    synchronized void put(FileEntry entry) {
        find(entry.site(), entry.path(), entry.path().length).ifPresent(this::remove);
        var order = order(entry);
        long cost = cost(entry);
        while (!order.hasRoomFor(cost) && order.entries() > 0) {
            order.sieve().ifPresent(this::evict);
        }
        order.add(entry, cost);
        int bucket = bucket(entry.hash());
        entry.next = buckets.get(bucket);
        buckets.set(bucket, entry);
    }

    private void evict(FileEntry entry) {
        remove(entry);
        evictions++;
    }

    /** Drops a path whose file is gone. */
    synchronized void remove(Site site, byte[] path) {
        find(site, path, path.length).ifPresent(this::remove);
    }

    private synchronized void remove(FileEntry entry) {
        unchain(entry);
        order(entry).remove(entry, cost(entry));
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

    private FileOrder order(FileEntry entry) {
        return entry.openFiles() > 0 ? open : memory;
    }

    private static long cost(FileEntry entry) {
        return entry.openFiles() > 0 ? entry.openFiles() : entry.memoryBytes() + OVERHEAD_BYTES;
    }

    /** What the contents in memory take. */
    public synchronized long bytes() {
        return memory.cost();
    }

    public synchronized long entries() {
        return memory.entries() + open.entries();
    }

    public synchronized long evictions() {
        return evictions;
    }
}
