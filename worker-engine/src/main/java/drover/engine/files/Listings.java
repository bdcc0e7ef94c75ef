package drover.engine.files;

import drover.engine.files.Content.InMemory;
import drover.engine.http.EntityTag;
import drover.engine.vhost.Site;
import java.nio.ByteBuffer;
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
     * The listing of a directory.
     *
     * @param path begins and ends with a slash
     * @param read looks at the disk; empty if there is no directory after all
     */
    Optional<InMemory> of(Site site, String path, ListingForm form, Supplier<Optional<Listing>> read) {
        var key = new Key(site.name(), path, form);
        var known = known(key);
        if (known.isPresent() && System.nanoTime() - known.get().atNanos() < FRESH_NANOS) {
            return Optional.of(known.get().content());
        }
        long now = System.nanoTime();
        return read.get().map(listing -> keep(key, made(site, path, form, listing, known), now));
    }

    private static InMemory made(Site site, String path, ListingForm form, Listing listing, Optional<Made> known) {
        var body = ListingText.of(listing, path, form).getBytes(StandardCharsets.UTF_8);
        var tag = tag(body);
        if (known.isPresent()
                && known.get().content().representation().validators().etag().equals(tag)) {
            return known.get().content();
        }
        var fields = "Vary: Accept\r\n"
                + (listing.cut() ? "Listing-Limit: " + Listing.MOST_ENTRIES + "\r\n" : "")
                + site.rules().fieldsOfListing(path.getBytes(StandardCharsets.UTF_8));
        return new InMemory(
                Representation.listing(form.mediaType(), tag, body.length, Instant.now(), fields),
                ByteBuffer.allocateDirect(body.length).put(body).flip());
    }

    private static EntityTag tag(byte[] body) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(body);
            return new EntityTag(HexFormat.of().formatHex(hash).substring(0, TAG_DIGITS), /* weak= */ false);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private synchronized Optional<Made> known(Key key) {
        return Optional.ofNullable(latest.get(key));
    }

    private synchronized InMemory keep(Key key, InMemory content, long now) {
        var made = new Made(content, now);
        var before = Optional.ofNullable(latest.put(key, made));
        bytes += made.bytes() - before.map(Made::bytes).orElse(0L);
        for (Iterator<Made> oldest = latest.values().iterator(); bytes > MOST_BYTES && oldest.hasNext(); ) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
        return content;
    }
}
