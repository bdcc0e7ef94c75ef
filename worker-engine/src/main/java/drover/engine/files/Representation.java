package drover.engine.files;

import drover.engine.http.ContentCoding;
import drover.engine.http.EntityTag;
import drover.engine.http.HttpDate;
import drover.engine.http.Validators;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;

/** What responses say of one content of a file in one coding, rendered once. Fields are each with their CR LF. */
public final class Representation {

    /** A file from before is from a build that sets all times to 0 or 1: the date would be true of nothing. */
    private static final long FIRST_CREDIBLE_SECOND = 2;

    /** Caches between here and the client ask again for a client that accepts something else, RFC 9110 §12.5.5. */
    public static final String VARY = "Vary: Accept-Encoding\r\n";

    private static final String ACCEPT_RANGES = "Accept-Ranges: bytes\r\n";

    private final ContentCoding coding;
    private final boolean chosen;
    private final boolean hasParts;
    private final long size;
    private final Validators validators;
    private final long seenSecond;
    private final String contentFields;
    private final byte[] fields;
    private final byte[] validatorFields;
    private final byte[] notModifiedFields;

    private Representation(
            String mediaType,
            ContentCoding coding,
            boolean chosen,
            boolean hasParts,
            long size,
            Validators validators,
            long seenSecond,
            String siteFields) {
        this.coding = coding;
        this.chosen = chosen;
        this.hasParts = hasParts;
        this.size = size;
        this.validators = validators;
        this.seenSecond = seenSecond;
        this.contentFields = "Content-Type: " + mediaType + "\r\n"
                + (coding == ContentCoding.IDENTITY ? "" : "Content-Encoding: " + coding.token() + "\r\n");
        var etag = "ETag: " + validators.etag() + "\r\n";
        var more = (chosen ? VARY : "") + siteFields;
        var described = etag + lastModified(validators) + (hasParts ? ACCEPT_RANGES : "") + more;
        this.notModifiedFields = ascii(etag + more);
        this.validatorFields = ascii(described);
        this.fields = ascii(contentFields + "Content-Length: " + size + "\r\n" + described);
    }

    /** Describes a file that is all there is, as it is seen now; one from the future is dated so. */
    static Representation of(String mediaType, Identity identity, Instant now) {
        return of(mediaType, identity, now, "");
    }

    /**
     * The same with fields of the site's own.
     *
     * @param siteFields each with its CR LF
     */
    static Representation of(String mediaType, Identity identity, Instant now, String siteFields) {
        return of(mediaType, ContentCoding.IDENTITY, /* chosen= */ false, identity, now, siteFields);
    }

    /**
     * The same of a file in a coding.
     *
     * @param chosen whether a client that accepts other codings would get another representation
     */
    static Representation of(
            String mediaType, ContentCoding coding, boolean chosen, Identity identity, Instant now, String siteFields) {
        var validators = new Validators(etag(coding, identity, now), lastModified(identity, now));
        return new Representation(
                mediaType,
                coding,
                chosen,
                /* hasParts= */ true,
                identity.size(),
                validators,
                now.getEpochSecond(),
                siteFields);
    }

    /** Describes what a file became that was compressed here. It has no parts: who wants one gets that of the file. */
    static Representation compressed(String mediaType, Identity identity, long size, Instant now, String siteFields) {
        var coding = ContentCoding.GZIP;
        var validators = new Validators(etag(coding, identity, now), lastModified(identity, now));
        return new Representation(
                mediaType,
                coding,
                /* chosen= */ true,
                /* hasParts= */ false,
                size,
                validators,
                now.getEpochSecond(),
                siteFields);
    }

    /** Describes a directory's listing; it has no date, for a directory's does not change with its files'. */
    static Representation listing(String mediaType, EntityTag etag, long size, Instant now, String fields) {
        return new Representation(
                mediaType,
                ContentCoding.IDENTITY,
                /* chosen= */ false,
                /* hasParts= */ true,
                size,
                new Validators(etag, OptionalLong.empty()),
                now.getEpochSecond(),
                fields);
    }

    private static String lastModified(Validators validators) {
        var seconds = validators.lastModified();
        return seconds.isEmpty()
                ? ""
                : "Last-Modified: "
                        + new String(
                                HttpDate.bytes(Instant.ofEpochSecond(seconds.getAsLong())), StandardCharsets.US_ASCII)
                        + "\r\n";
    }

    /**
     * A strong tag, but for a file that may change and keep it. The time of change is in it always, so that it does not rely on the time of modification, which anybody
     * may set. Mixed, because inode numbers are nobody's business. The coding is in it too: two names may be one file.
     */
    private static EntityTag etag(ContentCoding coding, Identity identity, Instant now) {
        long mixed = 0;
        for (var part : new long[] {
            identity.device(),
            identity.inode(),
            nanos(identity.modified().toInstant()),
            nanos(identity.changed().toInstant())
        }) {
            mixed = mix(mixed ^ part);
        }
        return new EntityTag(
                Long.toHexString(identity.size())
                        + "-"
                        + Long.toHexString(mixed)
                        + (coding == ContentCoding.IDENTITY ? "" : "-" + coding.token()),
                identity.mayChangeUnseen(now));
    }

    /** Wraps around in 2262 and far from zero, which does not matter here. */
    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    /** The finaliser of SplitMix64: every bit of the input moves half of the output's; no two inputs share an output. */
    private static long mix(long value) {
        long mixed = value + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    private static OptionalLong lastModified(Identity identity, Instant now) {
        long seconds = identity.modified().toInstant().getEpochSecond();
        return seconds < FIRST_CREDIBLE_SECOND
                ? OptionalLong.empty()
                : OptionalLong.of(Math.min(seconds, now.getEpochSecond()));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public ContentCoding coding() {
        return coding;
    }

    boolean hasParts() {
        return hasParts;
    }

    public long size() {
        return size;
    }

    public Validators validators() {
        return validators;
    }

    /** What tells that a client's part is one of this: a date does not tell codings of the same file apart. */
    public Validators partValidators() {
        return chosen ? new Validators(validators.etag(), OptionalLong.empty()) : validators;
    }

    /** Since the epoch; no Date that goes with it may be earlier. */
    public long seenSecond() {
        return seenSecond;
    }

    /** {@code Content-Type}, and {@code Content-Encoding} if there is one. */
    public String contentFields() {
        return contentFields;
    }

    /** {@link #contentFields}, length, and {@link #validatorFields}. */
    public byte[] fields() {
        return fields;
    }

    /** {@code ETag}, {@code Vary}, the site's own: no more of what is not sent, RFC 9110 §15.4.5. */
    public byte[] notModifiedFields() {
        return notModifiedFields;
    }

    /**
     * {@code ETag}, {@code Last-Modified} if it is known, {@code Accept-Ranges} if it has parts, {@code Vary} if it was
     * chosen, the site's own.
     */
    public byte[] validatorFields() {
        return validatorFields;
    }
}
