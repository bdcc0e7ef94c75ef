package drover.engine.files;

import drover.engine.files.Content.InMemory;
import drover.engine.http.EntityTag;
import drover.engine.vhost.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The latest listings, each served again for half a second, so that many who ask at once cost one look at the directory. A
 * directory that did not change is sent from the same memory, so that clients who take their time hold it once together.
 * File threads only; its lock is held for no disk.
 */
final class Listings {

    private static final long FRESH_NANOS = Duration.ofMillis(500).toNanos();
    private static final long MOST_BYTES = 4 << 20;
    private static final int TAG_DIGITS = 24;

    private record Key(String site, String path, ListingForm form) {}

    private record Made(InMemory content, long atNanos) {

        long bytes() {
            return content.body().capacity();
        }
    }

    private final Map<Key, Made> latest = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true);
    private long bytes;

    /**
     * The listing of a directory, held for the caller.
     *
     * @param path begins and ends with a slash
     * @param read looks at the disk; empty if there is no directory after all
     */
    Optional<InMemory> of(Site site, String path, ListingForm form, Supplier<Optional<Listing>> read)
            throws IOException {
        var key = new Key(site.name(), path, form);
        var known = known(key);
        if (known.isPresent() && System.nanoTime() - known.get().atNanos() < FRESH_NANOS) {
            return Optional.of(known.get().content());
        }
        try {
            long now = System.nanoTime();
            var listing = read.get();
            return listing.isPresent()
                    ? Optional.of(keep(key, made(site, path, form, listing.get(), known), now))
                    : Optional.empty();
        } finally {
            if (known.isPresent()) {
                known.get().content().release();
            }
        }
    }

    /** Held for the caller: what is known already, if it is still true. */
    private static InMemory made(Site site, String path, ListingForm form, Listing listing, Optional<Made> known)
            throws IOException {
        var body = ListingText.of(listing, path, form).getBytes(StandardCharsets.UTF_8);
        var tag = tag(body);
        if (known.isPresent()
                && known.get().content().representation().validators().etag().equals(tag)
                && known.get().content().hold()) {
            return known.get().content();
        }
        var fields = "Vary: Accept\r\n"
                + (listing.cut() ? "Listing-Limit: " + Listing.MOST_ENTRIES + "\r\n" : "")
                + site.rules().fieldsOfListing(path.getBytes(StandardCharsets.UTF_8));
        var memory = Body.ofSize(body.length);
        memory.bytes().put(0, body);
        return new InMemory(Representation.listing(form.mediaType(), tag, body.length, Instant.now(), fields), memory);
    }

    private static EntityTag tag(byte[] body) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(body);
            return new EntityTag(HexFormat.of().formatHex(hash).substring(0, TAG_DIGITS), /* weak= */ false);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** Its content is held for the caller. */
    private synchronized Optional<Made> known(Key key) {
        return Optional.ofNullable(latest.get(key))
                .filter(made -> made.content().hold());
    }

    /** Takes the caller's hold over, and holds it once more for the caller. */
    private synchronized InMemory keep(Key key, InMemory content, long now) throws IOException {
        if (!content.hold()) {
            throw new IllegalStateException("a listing was let go while it was held");
        }
        var made = new Made(content, now);
        bytes += made.bytes();
        var before = latest.put(key, made);
        if (before != null) {
            drop(before);
        }
        for (Iterator<Made> oldest = latest.values().iterator(); bytes > MOST_BYTES && oldest.hasNext(); ) {
            drop(oldest.next());
            oldest.remove();
        }
        return content;
    }

    private void drop(Made made) throws IOException {
        bytes -= made.bytes();
        made.content().release();
    }
}
