package drover.engine.files;

import drover.engine.http.AcceptEncoding;
import drover.engine.http.ContentCoding;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The open files that one response may come from: the plain one, and those compressed beside it. A look-up owns and closes them. */
final class Sources implements AutoCloseable {

    private final List<Source> sources = new ArrayList<>();
    private boolean discarded;

    /** Takes an open file over. */
    Source add(ContentCoding coding, int fd) throws IOException {
        var source = Source.of(coding, fd);
        sources.add(source);
        return source;
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    /**
     * Leaves what may be sent. A file that has just changed gets the time to be told from what it may become. One that is
     * older than the plain file goes: nobody wants last week's page because it was forgotten beside this week's.
     */
    void settle() throws IOException {
        var now = Instant.now();
        if (sources.stream().anyMatch(source -> source.identity().mayChangeUnseen(now))) {
            LockSupport.parkNanos(Identity.TICK.toNanos());
            for (int i = 0; i < sources.size(); i++) {
                sources.set(i, sources.get(i).again());
            }
        }
        plain().map(Source::identity)
                .ifPresent(plain -> discard(source -> source.identity().isOlderThan(plain)));
    }

    void discard(Predicate<Source> unwanted) {
        sources.stream().filter(unwanted).forEach(Source::close);
        discarded |= sources.removeIf(unwanted);
    }

    /** Whether one was left out that may be fit to be sent later without its directory being changed. */
    boolean leftSomeOut() {
        return discarded;
    }

    List<ContentCoding> codings() {
        return sources.stream().map(Source::coding).toList();
    }

    List<Identity> identities() {
        return sources.stream().map(Source::identity).toList();
    }

    Optional<Source> plain() {
        return in(ContentCoding.IDENTITY);
    }

    Optional<Source> in(ContentCoding coding) {
        return sources.stream().filter(source -> source.coding() == coding).findFirst();
    }

    /** Whether who accepts other codings gets another of them, or none. */
    boolean isChoice() {
        return sources.size() > 1 || plain().isEmpty();
    }

    /** Reads each, in the order of {@link #identities}, into what is given, which the caller releases. */
    void read(List<Body> bodies) throws IOException {
        for (var source : sources) {
            bodies.add(source.read());
        }
    }

    /** Whether what was read since then is all of one version; a file that goes on changing is sent as it is and not kept. */
    boolean isUnchangedSince(Instant seen) throws IOException {
        for (var source : sources) {
            if (source.identity().mayChangeUnseen(seen) || !source.isUnchanged()) {
                return false;
            }
        }
        return true;
    }

    /** What is said of each, in the order of {@link #identities}. */
    List<Representation> representations(Description about, boolean chosen, Instant seen) {
        return sources.stream()
                .map(source -> Representation.of(
                        about.mediaType(), source.coding(), chosen, source.identity(), seen, about.siteFields()))
                .toList();
    }

    /** Hands all over, in the order of {@link #identities}. */
    List<OpenFile> takeAll() {
        var files =
                sources.stream().map(source -> new OpenFile(source.channel())).toList();
        sources.clear();
        return files;
    }

    /** Hands the one over that a client gets that accepts these; empty if it could read none. */
    Optional<Source> take(AcceptEncoding accepted) {
        var taken =
                accepted.order().stream().flatMap(coding -> in(coding).stream()).findFirst();
        taken.ifPresent(sources::remove);
        return taken;
    }

    @Override
    public void close() {
        sources.forEach(Source::close);
    }
}
