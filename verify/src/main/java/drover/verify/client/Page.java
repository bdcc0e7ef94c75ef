package drover.verify.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A path that can be asked for, and the SHA-256 of every body that is right for it. */
public record Page(String path, Set<String> digests) {

    /** One whose body must be one of these. */
    public static Page of(String path, byte[]... bodies) {
        return new Page(
                path,
                Arrays.stream(bodies).map(body -> hex(sha256().digest(body))).collect(Collectors.toUnmodifiableSet()));
    }

    /** One whose body must be what the file holds now. */
    public static Page of(String path, Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), sha256())) {
            in.transferTo(OutputStream.nullOutputStream());
            return new Page(path, Set.of(hex(in.getMessageDigest().digest())));
        }
    }

    /** Writes a file of so many bytes that cannot be compressed, below {@code default}, and is the page of it. */
    public static Page write(Path sites, String name, long bytes) throws IOException {
        var file = sites.resolve("default").resolve(name);
        Files.createDirectories(file.getParent());
        var random = new Random(name.hashCode());
        var block = new byte[(int) Math.min(bytes, 1 << 20)];
        try (var out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        return of("/" + name, file);
    }

    /** The same page, asked for with a query. */
    public Page with(String query) {
        return new Page(path + "?" + query, digests);
    }

    static Supplier<Page> anyOf(List<Page> pages) {
        return () -> pages.get(ThreadLocalRandom.current().nextInt(pages.size()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }
}
