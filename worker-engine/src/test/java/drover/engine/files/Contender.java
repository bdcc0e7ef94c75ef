package drover.engine.files;

import drover.engine.vhost.Site;
import java.util.Optional;

/** The caches that are compared, by what they have in common. */
public enum Contender {
    /** What workers use. */
    FILE_CACHE {
        @Override
        Cache create(long capacityBytes) {
            var cache = new FileCache(capacityBytes, 1024);
            return new Cache() {
                @Override
                public Optional<FileEntry> find(Site site, byte[] path, int length) {
                    return cache.find(site, path, length);
                }

                @Override
                public void put(FileEntry entry) {
                    if (cache.accepts(entry.memoryBytes())) {
                        cache.put(entry);
                    }
                }
            };
        }
    },

    /** The classical answer. */
    LRU {
        @Override
        Cache create(long capacityBytes) {
            return new LockedCache(capacityBytes, LockedCache.Order.USE);
        }
    },

    /** What a reader-writer lock gives at its best: reading changes nothing, so readers share it. */
    FIFO {
        @Override
        Cache create(long capacityBytes) {
            return new LockedCache(capacityBytes, LockedCache.Order.ARRIVAL);
        }
    };

    abstract Cache create(long capacityBytes);

    /** Bounded by bytes, for all threads. */
    interface Cache {

        Optional<FileEntry> find(Site site, byte[] path, int length);

        void put(FileEntry entry);
    }
}
