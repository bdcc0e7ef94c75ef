package drover.engine.files;

import drover.engine.log.Log;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps what is asked for fresh, so that no request has to wait for a look at the disk: twice a second it looks whether
 * files that were asked for of late are what the cache has of them. A thread of its own, for a look may wait for a disk;
 * then entries grow older than a second, and requests have them looked at as if this were not here.
 */
public final class Freshness implements Runnable {

    private static final long PERIOD_NANOS = Duration.ofMillis(500).toNanos();

    /** So many directories are open at once at most. */
    private static final int MOST_OPEN = 16;

    private record Place(Path site, String directory) {}

    private final FileCache cache;
    private final DocumentRoot documentRoot;

    public Freshness(FileCache cache, DocumentRoot documentRoot) {
        this.cache = cache;
        this.documentRoot = documentRoot;
    }

    /** Never returns; to be run by a daemon thread. */
    @Override
    public void run() {
        while (true) {
            long begun = System.nanoTime();
            look(begun);
            LockSupport.parkNanos(begun + PERIOD_NANOS - System.nanoTime());
        }
    }

    /** Looks once at all that is wanted; files of a directory share its opening. */
    void look(long now) {
        var open = new HashMap<Place, Optional<OpenDirectory>>();
        try {
            cache.forEach(entry -> {
                if (entry.isWanted(now)) {
                    check(entry, open);
                }
            });
        } finally {
            close(open);
        }
    }

    /** A bug in a look is one file's trouble: who asks for it next has it looked at, and hears of the bug. */
    private void check(FileEntry entry, Map<Place, Optional<OpenDirectory>> open) {
        try {
            documentRoot.check(entry, directory(entry, open));
        } catch (RuntimeException bug) {
            Log.error("file not looked at site=" + entry.site().name(), bug);
            cache.remove(entry.site(), entry.path());
        }
    }

    private static Optional<OpenDirectory> directory(FileEntry entry, Map<Place, Optional<OpenDirectory>> open) {
        var place = new Place(entry.site().directory(), DocumentRoot.directoryOf(entry));
        if (open.size() >= MOST_OPEN && !open.containsKey(place)) {
            close(open);
        }
        return open.computeIfAbsent(place, missing -> OpenDirectory.open(missing.site(), missing.directory()));
    }

    private static void close(Map<Place, Optional<OpenDirectory>> open) {
        open.values().forEach(directory -> directory.ifPresent(OpenDirectory::close));
        open.clear();
    }
}
