package drover.engine.files;

import drover.engine.vhost.Site;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What {@link FileCache} has to be measured against: a hash map with an order under a reader-writer lock, bounded by the same
 * count of bytes. In the order of use (LRU) every hit moves its entry, so finding takes the lock of writers; in the order of
 * arrival (FIFO) it takes that of readers.
 */
final class LockedCache implements Contender.Cache {

    enum Order {
        USE,
        ARRIVAL
    }

    /** What {@link FileCache} counts for an entry besides its content, as it says itself. */
    private static final long OVERHEAD_BYTES = overheadBytes();

    private final long capacityBytes;
    private final LinkedHashMap<Key, FileEntry> entries;
    private final Lock finding;
    private final Lock writing;
    private long bytes;

    LockedCache(long capacityBytes, Order order) {
        ReadWriteLock lock = new ReentrantReadWriteLock();
        this.capacityBytes = capacityBytes;
        this.entries = new LinkedHashMap<>(1024, 0.75f, /* accessOrder= */ order == Order.USE);
        this.writing = lock.writeLock();
        this.finding = order == Order.USE ? writing : lock.readLock();
    }

    private static long overheadBytes() {
        var cache = new FileCache(1 << 20, 1);
        var empty = new Documents(1, new java.util.Random(1)).entry(0);
        cache.put(empty);
        return cache.bytes() - empty.memoryBytes();
    }

    /** Refers to the path where it lies: making one copies nothing. */
    @SuppressWarnings("ArrayRecordComponent") // compared as it says below
    private record Key(Site site, byte[] path, int length, int hash) {

        static Key of(Site site, byte[] path, int length) {
            return new Key(site, path, length, FileEntry.hash(site, path, length));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && hash == key.hash
                    && site.name().equals(key.site.name())
                    && Arrays.equals(path, 0, length, key.path, 0, key.length);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    @Override
    public Optional<FileEntry> find(Site site, byte[] path, int length) {
        var key = Key.of(site, path, length);
        finding.lock();
        try {
            return Optional.ofNullable(entries.get(key));
        } finally {
            finding.unlock();
        }
    }

    @Override
    public void put(FileEntry entry) {
        long cost = cost(entry);
        if (cost > capacityBytes) {
            return;
        }
        var key = Key.of(entry.site(), entry.path(), entry.path().length);
        writing.lock();
        try {
            var previous = entries.remove(key);
            bytes -= previous == null ? 0 : cost(previous);
            while (bytes + cost > capacityBytes) {
                bytes -= cost(entries.pollFirstEntry().getValue());
            }
            entries.put(key, entry);
            bytes += cost;
        } finally {
            writing.unlock();
        }
    }

    private static long cost(FileEntry entry) {
        return entry.memoryBytes() + OVERHEAD_BYTES;
    }
}
