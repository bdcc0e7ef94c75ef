package drover.engine.files;

import drover.engine.files.Lookup.Directory;
import drover.engine.files.Lookup.ErrorPage;
import drover.engine.files.Lookup.Failed;
import drover.engine.files.Lookup.Forbidden;
import drover.engine.files.Lookup.Found;
import drover.engine.files.Lookup.Missing;
import drover.engine.files.Lookup.Opened;
import drover.engine.files.Lookup.Refusal;
import drover.engine.posix.Adoption;
import drover.engine.posix.Posix;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks files up on disk: the one place that decides where a path may lead. Resolution is one kernel operation that cannot
 * leave the site's directory, by {@code ..}, by symbolic link or by a race; names that begin with a dot are not there,
 * but for {@code .well-known} (RFC 8615). May wait for a disk, so it runs on file threads.
 */
public final class DocumentRoot {

    private static final String INDEX = "index.html";

    /** Up to here content kept in memory and written in one go beats sendfile from the page cache. */
    private static final long LARGEST_IN_MEMORY = 1 << 20;

    private final FileCache cache;

    public DocumentRoot(FileCache cache) {
        this.cache = cache;
    }

    /**
     * Looks a decoded path up, and keeps what it finds in the cache if it is small. Where nothing is, the site's fallback
     * is, and beside a refusal the site's page for it.
     *
     * @param path begins with a slash; a directory's ends with one
     */
    public Lookup look(Site site, byte[] path) {
        var found = find(site, path);
        if (found instanceof Missing && isRoute(path)) {
            var fallback = site.rules().fallback().map(file -> find(site, file.getBytes(StandardCharsets.UTF_8)));
            if (fallback.isPresent() && fallback.get() instanceof Lookup.File file) {
                return file;
            }
        }
        return found instanceof Refusal refusal ? withPage(site, refusal) : found;
    }

    /** Whether a path may be an application's own: one with a dot in its last segment is a file that is not there. */
    private static boolean isRoute(byte[] path) {
        if (hasHiddenSegment(new String(path, StandardCharsets.UTF_8).substring(1))) {
            return false;
        }
        for (int at = path.length - 1; path[at] != '/'; at--) {
            if (path[at] == '.') {
                return false;
            }
        }
        return true;
    }

    /** A refusal, with the site's page for it if there is one. */
    public Lookup withPage(Site site, Refusal refusal) {
        var path = Optional.ofNullable(
                site.rules().errorPages().get(refusal.status().code()));
        return path.map(file -> find(site, file.getBytes(StandardCharsets.UTF_8)))
                                .orElse(refusal)
                        instanceof Lookup.File page
                ? new ErrorPage(refusal, page)
                : refusal;
    }

    private Lookup find(Site site, byte[] path) {
        var name = new String(path, StandardCharsets.UTF_8).substring(1);
        if (hasHiddenSegment(name)) {
            return new Missing();
        }
        int directory = Posix.openDirectory(site.directory());
        if (directory < 0) {
            return refusal(directory);
        }
        try {
            var file = name.isEmpty() || name.endsWith("/") ? name + INDEX : name;
            int fd = Posix.openBeneath(directory, file);
            return fd < 0 ? forget(site, path, refusal(fd)) : examine(site, path, file, Adoption.file(fd), fd);
        } finally {
            Posix.close(directory);
        }
    }

    private static boolean hasHiddenSegment(String name) {
        for (int at = 0; at < name.length(); at = name.indexOf('/', at) + 1) {
            if (name.charAt(at) == '.' && !name.startsWith(".well-known/", at)) {
                return true;
            }
            if (name.indexOf('/', at) < 0) {
                return false;
            }
        }
        return false;
    }

    private static Lookup refusal(int result) {
        return switch (-result) {
            case Posix.ENOENT, Posix.ENOTDIR, Posix.ENAMETOOLONG, Posix.ELOOP, Posix.EXDEV, Posix.ENXIO ->
                new Missing();
            case Posix.EACCES, Posix.EPERM -> new Forbidden();
            default -> new Failed("cannot open: errno " + -result);
        };
    }

    private Lookup forget(Site site, byte[] path, Lookup refusal) {
        cache.remove(site, path);
        return refusal;
    }

    /**
     * Takes the channel over: it is closed here unless it is part of the answer. A file that has just changed gets the time
     * to be told from what it may become; one that goes on changing is sent as it is and not kept.
     */
    private Lookup examine(Site site, byte[] path, String file, FileChannel channel, int fd) {
        Optional<Lookup> kept = Optional.empty();
        try {
            long now = System.nanoTime();
            var identity = Identity.of(fd);
            if (identity.isDirectory()) {
                return forget(site, path, new Directory());
            }
            if (!identity.isRegularFile()) {
                return forget(site, path, new Missing());
            }
            var known = cache.find(site, path, path.length);
            if (known.isPresent() && known.get().identity().equals(identity)) {
                known.get().checked(now);
                return new Found(known.get());
            }
            if (identity.mayChangeUnseen(Instant.now())) {
                LockSupport.parkNanos(Identity.TICK.toNanos());
                identity = Identity.of(fd);
            }
            var type = MediaTypes.of(file);
            var siteFields = site.rules().fieldsOf("/" + file);
            var seen = Instant.now();
            if (identity.size() <= LARGEST_IN_MEMORY && cache.accepts(identity.size())) {
                var body = read(channel, (int) identity.size());
                if (!identity.mayChangeUnseen(seen) && identity.equals(Identity.of(fd))) {
                    var entry = new FileEntry(
                            site,
                            Arrays.copyOf(path, path.length),
                            identity,
                            Representation.of(type, identity, seen, siteFields),
                            body,
                            now);
                    cache.put(entry);
                    return new Found(entry);
                }
            }
            cache.remove(site, path);
            kept = Optional.of(new Opened(Representation.of(type, identity, seen, siteFields), channel));
            return kept.get();
        } catch (IOException failure) {
            return new Failed("cannot read: " + failure.getMessage());
        } finally {
            if (kept.isEmpty()) {
                close(channel);
            }
        }
    }

    private static ByteBuffer read(FileChannel channel, int size) throws IOException {
        var body = ByteBuffer.allocateDirect(size);
        while (body.hasRemaining()) {
            if (channel.read(body) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return body.flip();
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new IllegalStateException("cannot close a file that was only read", failure);
        }
    }
}
