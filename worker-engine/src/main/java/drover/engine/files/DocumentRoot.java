package drover.engine.files;

import drover.engine.files.Content.InFile;
import drover.engine.files.Content.InMemory;
import drover.engine.files.Lookup.Directory;
import drover.engine.files.Lookup.ErrorPage;
import drover.engine.files.Lookup.Failed;
import drover.engine.files.Lookup.Forbidden;
import drover.engine.files.Lookup.Found;
import drover.engine.files.Lookup.Missing;
import drover.engine.files.Lookup.Refusal;
import drover.engine.files.Lookup.Unacceptable;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.ContentCoding;
import drover.engine.posix.Posix;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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

    /** Up to here content written from memory costs less than sendfile from the page cache, which copies nothing. */
    private static final long COPIED = 32 << 10;

    /** Up to here a file is in memory for another reason: to be compressed, or because no more may be kept open. */
    private static final long LARGEST_IN_MEMORY = 1 << 20;

    private static final List<ContentCoding> COMPRESSIONS =
            List.of(ContentCoding.BR, ContentCoding.ZSTD, ContentCoding.GZIP);

    private final FileCache cache;
    private final Listings listings = new Listings();

    public DocumentRoot(FileCache cache) {
        this.cache = cache;
        MediaTypes.load();
    }

    /**
     * Looks a decoded path up, and keeps what it finds in the cache: a small file's content, a larger one open. A directory
     * without an index file is listed if its site wants that. Where nothing is, the site's fallback is, and beside a
     * refusal the site's page for it.
     *
     * @param path begins with a slash; a directory's ends with one
     */
    public Lookup look(Site site, byte[] path, AcceptEncoding accepted, ListingForm form) {
        return look(site, path, accepted, form, Tries.UNTOLD);
    }

    /** The same, and says what it tries. */
    public Lookup look(Site site, byte[] path, AcceptEncoding accepted, ListingForm form, Tries tries) {
        var found = find(site, path, accepted);
        tries.tried(Tries.As.FILE, path, found);
        if (found instanceof Missing
                && path[path.length - 1] == '/'
                && site.rules().lists(path)) {
            found = list(site, path, form);
            tries.tried(Tries.As.LISTING, path, found);
        }
        if (found instanceof Missing && isRoute(path)) {
            var fallback = fallback(site, path);
            if (fallback.isPresent()) {
                var file = find(site, fallback.get(), accepted);
                tries.tried(Tries.As.FALLBACK, fallback.get(), file);
                if (file instanceof Found) {
                    return file;
                }
            }
        }
        return found instanceof Refusal refusal ? withPage(site, refusal, tries) : found;
    }

    public Lookup look(Site site, byte[] path, AcceptEncoding accepted) {
        return look(site, path, accepted, ListingForm.HTML);
    }

    /** The site's, unless it is protected and the path is not: who asked for the path has not said a password for it. */
    private static Optional<byte[]> fallback(Site site, byte[] path) {
        var rules = site.rules();
        return rules.fallback()
                .map(file -> file.getBytes(StandardCharsets.UTF_8))
                .filter(file -> {
                    var protection = rules.protection(file, file.length);
                    return protection.isEmpty() || protection.equals(rules.protection(path, path.length));
                });
    }

    private Lookup list(Site site, byte[] path, ListingForm form) {
        var name = name(path);
        if (hasHiddenSegment(name)) {
            return new Missing();
        }
        int root = Posix.openDirectory(site.directory());
        if (root < 0) {
            return refusal(root);
        }
        int directory = Posix.openBeneath(root, name.isEmpty() ? "." : name);
        try {
            if (directory < 0) {
                return refusal(directory);
            }
            return listings.of(site, "/" + name, form, () -> Listing.read(directory, root, name))
                    .<Lookup>map(Found::new)
                    .orElseGet(Missing::new);
        } catch (IOException failure) {
            return new Failed("cannot list: " + failure.getMessage());
        } finally {
            Posix.close(root);
            if (directory >= 0) {
                Posix.close(directory);
            }
        }
    }

    /** Whether a path may be an application's own: one with a dot in its last segment is a file that is not there. */
    private static boolean isRoute(byte[] path) {
        if (hasHiddenSegment(name(path))) {
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
        return withPage(site, refusal, Tries.UNTOLD);
    }

    /** The same, and says what it tries. */
    public Lookup withPage(Site site, Refusal refusal, Tries tries) {
        var path = Optional.ofNullable(
                        site.rules().errorPages().get(refusal.status().code()))
                .map(file -> file.getBytes(StandardCharsets.UTF_8));
        if (path.isEmpty()) {
            return refusal;
        }
        var found = find(site, path.get(), AcceptEncoding.IDENTITY_ONLY);
        tries.tried(Tries.As.ERROR_PAGE, path.get(), found);
        return found instanceof Found page ? new ErrorPage(refusal, page) : refusal;
    }

    private Lookup find(Site site, byte[] path, AcceptEncoding accepted) {
        var name = name(path);
        if (hasHiddenSegment(name)) {
            return new Missing();
        }
        var file = fileOf(name);
        var directory = OpenDirectory.open(site.directory(), directoryOf(file));
        try {
            return directory
                    .flatMap(opened -> known(site, path, opened, accepted))
                    .orElseGet(() -> find(site, path, file, directory, accepted));
        } finally {
            directory.ifPresent(OpenDirectory::close);
        }
    }

    /** A path from the site's directory. */
    static String name(byte[] path) {
        return new String(path, StandardCharsets.UTF_8).substring(1);
    }

    /** The file that a path means, from the site's directory. */
    static String fileOf(String name) {
        return name.isEmpty() || name.endsWith("/") ? name + Site.INDEX : name;
    }

    private static String directoryOf(String file) {
        return file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }

    /** Where the files of an entry lie, from its site's directory. */
    static String directoryOf(FileEntry entry) {
        return directoryOf(fileOf(name(entry.path())));
    }

    /** What the cache has of a path, if a quick look finds it unchanged. */
    private Optional<Lookup> known(Site site, byte[] path, OpenDirectory directory, AcceptEncoding accepted) {
        var known = cache.find(site, path, path.length).filter(entry -> isUnchanged(entry, directory));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        known.get().checked(directory.openedNanos());
        var content = known.get().content(accepted);
        if (content.isEmpty()) {
            return Optional.of(new Unacceptable());
        }
        return content.filter(Content::hold).map(Found::new);
    }

    private static boolean isUnchanged(FileEntry entry, OpenDirectory directory) {
        var sighting = entry.sighting();
        return sighting.isPresent() && sighting.get().isTrueIn(directory);
    }

    /** The full look. */
    private Lookup find(
            Site site, byte[] path, String file, Optional<OpenDirectory> directory, AcceptEncoding accepted) {
        int root = Posix.openDirectory(site.directory());
        if (root < 0) {
            return refusal(root);
        }
        try (var sources = new Sources()) {
            var refusal = open(root, file, sources);
            return refusal.isPresent()
                    ? forget(site, path, refusal.get())
                    : examine(site, path, file, sources, directory, accepted);
        } catch (IOException failure) {
            return new Failed("cannot read: " + failure.getMessage());
        } finally {
            Posix.close(root);
        }
    }

    /**
     * Has a look whether what the cache keeps of a path is still true, for nobody in particular.
     *
     * @param directory where its files lie, opened now or a little earlier; empty if it is gone
     */
    void check(FileEntry entry, Optional<OpenDirectory> directory) {
        if (directory.isPresent() && isUnchanged(entry, directory.get())) {
            entry.checked(directory.get().openedNanos());
            return;
        }
        var file = fileOf(name(entry.path()));
        if (find(entry.site(), entry.path(), file, directory, AcceptEncoding.IDENTITY_ONLY)
                instanceof Found(Content content)) {
            release(content);
        }
    }

    private static void release(Content content) {
        try {
            content.release();
        } catch (IOException failure) {
            throw new IllegalStateException("cannot close a file that was only read", failure);
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
    private static Optional<Lookup> open(int directory, String file, Sources sources) throws IOException {
        int fd = Posix.openBeneath(directory, file);
        if (fd >= 0) {
            var plain = sources.add(ContentCoding.IDENTITY, fd).identity();
            if (!plain.isRegularFile()) {
                return Optional.of(plain.isDirectory() ? new Directory() : new Missing());
            }
        } else if (!(refusal(fd) instanceof Missing)) {
            return Optional.of(refusal(fd));
        }
        for (var coding : COMPRESSIONS) {
            int compressed = Posix.openBeneath(directory, file + coding.suffix());
            if (compressed >= 0) {
                sources.add(coding, compressed);
            }
        }
        sources.discard(source -> !source.identity().isRegularFile());
        return sources.isEmpty() ? Optional.of(new Missing()) : Optional.empty();
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

    private Lookup examine(
            Site site,
            byte[] path,
            String file,
            Sources sources,
            Optional<OpenDirectory> directory,
            AcceptEncoding accepted)
            throws IOException {
        long now = System.nanoTime();
        sources.settle();
        var sighting = directory.flatMap(opened -> Sighting.of(opened, file, sources));
        var identities = sources.identities();
        var about = new Description(MediaTypes.of(file), site.rules().fieldsOf("/" + file));
        var known = cache.find(site, path, path.length)
                .filter(entry -> entry.identities().equals(identities));
        if (known.isPresent()) {
            known.get().checked(now, sighting);
            var content = known.get().content(accepted);
            if (content.isEmpty()) {
                return new Unacceptable();
            }
            if (content.get().hold()) {
                return new Found(content.get());
            }
        }
        var seen = Instant.now();
        var contents =
                belongsInMemory(about, identities) ? inMemory(about, sources, seen) : inFiles(about, sources, seen);
        if (contents.isEmpty()) {
            cache.remove(site, path);
            return opened(about, sources, seen, accepted);
        }
        var entry = new FileEntry(site, Arrays.copyOf(path, path.length), identities, contents, now);
        entry.checked(now, sighting);
        var content = entry.content(accepted).filter(Content::hold);
        cache.put(entry);
        return content.<Lookup>map(Found::new).orElseGet(Unacceptable::new);
    }

    /** Small files, and texts, because they are compressed there; all files where none may be kept open. */
    private boolean belongsInMemory(Description about, List<Identity> identities) {
        boolean isWorthIt = MediaTypes.isCompressible(about.mediaType())
                || identities.stream().allMatch(identity -> identity.size() <= COPIED)
                || !cache.acceptsOpenFiles(identities.size());
        return isWorthIt && fitsInMemory(identities);
    }

    private boolean fitsInMemory(List<Identity> identities) {
        return identities.stream().allMatch(identity -> identity.size() <= LARGEST_IN_MEMORY)
                && cache.accepts(size(identities));
    }

    private static long size(List<Identity> identities) {
        return identities.stream().mapToLong(Identity::size).sum();
    }

    /** Open files for the cache to keep; nothing of files that go on changing. */
    private List<Content> inFiles(Description about, Sources sources, Instant seen) throws IOException {
        if (!cache.acceptsOpenFiles(sources.identities().size()) || !sources.isUnchangedSince(seen)) {
            return List.of();
        }
        var representations = sources.representations(about, sources.isChoice(), seen);
        var contents = new ArrayList<Content>();
        for (var file : sources.takeAll()) {
            contents.add(new InFile(representations.get(contents.size()), file));
        }
        return contents;
    }

    private static Lookup opened(Description about, Sources sources, Instant seen, AcceptEncoding accepted) {
        boolean chosen = sources.isChoice();
        return sources.take(accepted)
                .<Lookup>map(source -> new Found(new InFile(
                        Representation.of(
                                about.mediaType(),
                                source.coding(),
                                chosen,
                                source.identity(),
                                seen,
                                about.siteFields()),
                        new OpenFile(source.channel()))))
                .orElseGet(Unacceptable::new);
    }

    /** Contents in memory for the cache to keep, likewise. */
    private List<Content> inMemory(Description about, Sources sources, Instant seen) throws IOException {
        var bodies = new ArrayList<Body>();
        var contents = new ArrayList<Content>();
        try {
            sources.read(bodies);
            if (sources.isUnchangedSince(seen)) {
                var compressed = compress(about, sources, bodies, seen);
                boolean chosen = sources.isChoice() || compressed.isPresent();
                for (var representation : sources.representations(about, chosen, seen)) {
                    contents.add(new InMemory(representation, bodies.get(contents.size())));
                }
                compressed.ifPresent(contents::add);
            }
            return contents;
        } finally {
            if (contents.isEmpty()) {
                for (var body : bodies) {
                    body.release();
                }
            }
        }
    }

    /**
     * Compresses a plain file that has not been, if it is worth it and the cache has room for both. Done once for each
     * change of a file, whether or not the first client wants it: nearly every client does.
     */
    private Optional<Content> compress(Description about, Sources sources, List<Body> bodies, Instant seen)
            throws IOException {
        var plain = sources.plain();
        if (plain.isEmpty()
                || sources.in(ContentCoding.GZIP).isPresent()
                || !MediaTypes.isCompressible(about.mediaType())) {
            return Optional.empty();
        }
        var body = Gzip.compress(bodies.getFirst().bytes());
        if (body.isEmpty()) {
            return Optional.empty();
        }
        long size = body.get().size();
        if (!cache.accepts(bodies.stream().mapToLong(Body::size).sum() + size)) {
            body.get().release();
            return Optional.empty();
        }
        var representation =
                Representation.compressed(about.mediaType(), plain.get().identity(), size, seen, about.siteFields());
        return Optional.of(new InMemory(representation, body.get()));
    }
}
