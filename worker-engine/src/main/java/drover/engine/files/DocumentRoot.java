package drover.engine.files;

import drover.engine.files.Lookup.Directory;
import drover.engine.files.Lookup.Failed;
import drover.engine.files.Lookup.Forbidden;
import drover.engine.files.Lookup.Found;
import drover.engine.files.Lookup.Missing;
import drover.engine.files.Lookup.Opened;
import drover.engine.files.Lookup.Unacceptable;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.ContentCoding;
import drover.engine.posix.Posix;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Looks files up on disk: the one place that decides where a path may lead. Resolution is one kernel operation that cannot
 * leave the site's directory, by {@code ..}, by symbolic link or by a race; names that begin with a dot are not there,
 * but for {@code .well-known} (RFC 8615). May wait for a disk, so it runs on file threads.
 *
 * <p>A file may lie compressed beside itself, or alone: {@code app.js.br}, {@code app.js.zst}, {@code app.js.gz}. Such a
 * file is ignored if it is older than the plain one. If there is no plain one, a client that accepts none of the others is
 * told that there is no such file, for there is none that it could read. A text with no {@code .gz} beside it is
 * compressed here when it comes into the cache.
 */
public final class DocumentRoot {

    private static final String INDEX = "index.html";

    /** Up to here content kept in memory and written in one go beats sendfile from the page cache. */
    private static final long LARGEST_IN_MEMORY = 1 << 20;

    private static final List<ContentCoding> COMPRESSIONS =
            List.of(ContentCoding.BR, ContentCoding.ZSTD, ContentCoding.GZIP);

    private final FileCache cache;

    public DocumentRoot(FileCache cache) {
        this.cache = cache;
    }

    /**
     * Looks a decoded path up, and keeps what it finds in the cache if it is small.
     *
     * @param path begins with a slash; a directory's ends with one
     */
    public Lookup look(Site site, byte[] path, AcceptEncoding accepted) {
        var name = new String(path, StandardCharsets.UTF_8).substring(1);
        if (hasHiddenSegment(name)) {
            return new Missing();
        }
        int directory = Posix.openDirectory(site.directory());
        if (directory < 0) {
            return refusal(directory);
        }
        var sources = new ArrayList<Source>();
        try {
            var file = name.isEmpty() || name.endsWith("/") ? name + INDEX : name;
            var refusal = open(directory, file, sources);
            return refusal.isPresent()
                    ? forget(site, path, refusal.get())
                    : examine(site, path, file, sources, accepted);
        } catch (IOException failure) {
            return new Failed("cannot read: " + failure.getMessage());
        } finally {
            sources.forEach(Source::close);
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

    /** Opens the file and what lies compressed beside it, also if the file itself is not there; or says why not. */
    private static Optional<Lookup> open(int directory, String file, List<Source> sources) throws IOException {
        int fd = Posix.openBeneath(directory, file);
        if (fd >= 0) {
            var plain = Source.of(ContentCoding.IDENTITY, fd);
            sources.add(plain);
            if (!plain.identity().isRegularFile()) {
                return Optional.of(plain.identity().isDirectory() ? new Directory() : new Missing());
            }
        } else if (!(refusal(fd) instanceof Missing)) {
            return Optional.of(refusal(fd));
        }
        for (var coding : COMPRESSIONS) {
            int compressed = Posix.openBeneath(directory, file + coding.suffix());
            if (compressed >= 0) {
                sources.add(Source.of(coding, compressed));
            }
        }
        discard(sources, source -> !source.identity().isRegularFile());
        return sources.isEmpty() ? Optional.of(new Missing()) : Optional.empty();
    }

    private static void discard(List<Source> sources, Predicate<Source> unwanted) {
        sources.stream().filter(unwanted).forEach(Source::close);
        sources.removeIf(unwanted);
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

    private Lookup examine(Site site, byte[] path, String file, List<Source> sources, AcceptEncoding accepted)
            throws IOException {
        long now = System.nanoTime();
        settle(sources);
        discardStale(sources);
        var identities = sources.stream().map(Source::identity).toList();
        var known = cache.find(site, path, path.length);
        if (known.isPresent() && known.get().identities().equals(identities)) {
            known.get().checked(now);
            return found(known.get(), accepted);
        }
        var type = MediaTypes.of(file);
        var seen = Instant.now();
        if (isWorthKeeping(identities)) {
            var bodies = new ArrayList<ByteBuffer>();
            for (var source : sources) {
                bodies.add(source.read());
            }
            if (isSettled(sources, seen)) {
                var contents = contents(type, sources, bodies, seen);
                var entry = new FileEntry(site, Arrays.copyOf(path, path.length), identities, contents, now);
                cache.put(entry);
                return found(entry, accepted);
            }
        }
        cache.remove(site, path);
        return opened(type, sources, seen, accepted);
    }

    /** Gives a file that has just changed the time to be told from what it may become. */
    private static void settle(List<Source> sources) throws IOException {
        var now = Instant.now();
        if (sources.stream().anyMatch(source -> source.identity().mayChangeUnseen(now))) {
            LockSupport.parkNanos(Identity.TICK.toNanos());
            for (int i = 0; i < sources.size(); i++) {
                sources.set(i, sources.get(i).again());
            }
        }
    }

    /** Nobody wants last week's page because last week's compressed file was forgotten beside it. */
    private static void discardStale(List<Source> sources) {
        if (sources.getFirst().isPlain()) {
            var plain = sources.getFirst().identity();
            discard(sources, source -> source.identity().isOlderThan(plain));
        }
    }

    private boolean isWorthKeeping(List<Identity> identities) {
        long size = 0;
        for (var identity : identities) {
            if (identity.size() > LARGEST_IN_MEMORY) {
                return false;
            }
            size += identity.size();
        }
        return cache.accepts(size);
    }

    /** A file that goes on changing is sent as it is and not kept. */
    private static boolean isSettled(List<Source> sources, Instant seen) throws IOException {
        for (var source : sources) {
            if (source.identity().mayChangeUnseen(seen) || !source.isUnchanged()) {
                return false;
            }
        }
        return true;
    }

    private List<Content> contents(String type, List<Source> sources, List<ByteBuffer> bodies, Instant seen) {
        var compressed = compress(type, sources, bodies);
        boolean chosen = isChosen(sources) || compressed.isPresent();
        var contents = new ArrayList<Content>();
        for (int i = 0; i < sources.size(); i++) {
            contents.add(new Content(representation(type, sources.get(i), chosen, seen), bodies.get(i)));
        }
        compressed.ifPresent(body -> contents.add(new Content(
                Representation.compressed(type, sources.getFirst().identity(), body.capacity(), seen), body)));
        return contents;
    }

    /**
     * Compresses a plain file that has not been, if it is worth it and the cache has room for both. Done once for each
     * change of a file, whether or not the first client wants it: nearly every client does.
     */
    private Optional<ByteBuffer> compress(String type, List<Source> sources, List<ByteBuffer> bodies) {
        boolean hasGzip = sources.stream().anyMatch(source -> source.coding() == ContentCoding.GZIP);
        if (hasGzip || !sources.getFirst().isPlain() || !MediaTypes.isCompressible(type)) {
            return Optional.empty();
        }
        long others = bodies.stream().mapToLong(ByteBuffer::capacity).sum();
        return Gzip.compress(bodies.getFirst()).filter(body -> cache.accepts(others + body.capacity()));
    }

    private static Lookup found(FileEntry entry, AcceptEncoding accepted) {
        return entry.content(accepted).<Lookup>map(Found::new).orElseGet(Unacceptable::new);
    }

    /** Takes the source that it opens out of the list: the rest is closed. */
    private static Lookup opened(String type, List<Source> sources, Instant seen, AcceptEncoding accepted) {
        for (var coding : accepted.order()) {
            for (var source : sources) {
                if (source.coding() == coding) {
                    var representation = representation(type, source, isChosen(sources), seen);
                    sources.remove(source);
                    return new Opened(representation, source.channel());
                }
            }
        }
        return new Unacceptable();
    }

    private static boolean isChosen(List<Source> sources) {
        return sources.size() > 1 || !sources.getFirst().isPlain();
    }

    private static Representation representation(String type, Source source, boolean chosen, Instant seen) {
        return Representation.of(type, source.coding(), chosen, source.identity(), seen);
    }
}
