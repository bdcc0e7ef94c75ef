package drover.engine.files;

import static java.nio.charset.StandardCharsets.US_ASCII;

import drover.engine.vhost.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * Files by number, as in the benchmark's row "1,000 files, Zipf": sizes spread evenly on a logarithmic scale from 1 KiB to
 * 1 MiB. Entries are as a look-up makes them, but their bytes lie on each other, so that many fit into a test.
 */
final class Documents {

    static final Site SITE = new Site("default", Path.of("/srv/default"));

    private static final int SMALLEST = 1 << 10;
    private static final int LARGEST = 1 << 20;

    private final byte[][] paths;
    private final int[] sizes;
    private final Identity[] identities;
    private final Content[] contents;

    Documents(int count, Random random) {
        paths = new byte[count][];
        sizes = new int[count];
        identities = new Identity[count];
        contents = new Content[count];
        for (int file = 0; file < count; file++) {
            paths[file] = ("/many/" + file + ".bin").getBytes(US_ASCII);
            sizes[file] = (int) (SMALLEST * Math.pow((double) LARGEST / SMALLEST, random.nextDouble()));
            identities[file] =
                    new Identity(0100644, sizes[file], FileTime.fromMillis(0), FileTime.fromMillis(0), 1, file);
            contents[file] = new Content.InMemory(
                    Representation.of("application/octet-stream", identities[file], Instant.EPOCH), body(sizes[file]));
        }
    }

    int count() {
        return paths.length;
    }

    byte[] path(int file) {
        return paths[file];
    }

    int size(int file) {
        return sizes[file];
    }

    long totalBytes() {
        long total = 0;
        for (int size : sizes) {
            total += size;
        }
        return total;
    }

    private static Body body(int size) {
        try {
            return Body.ofSize(size);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A new entry, for one cache, which holds the content once more. */
    FileEntry entry(int file) {
        if (!contents[file].hold()) {
            throw new IllegalStateException("content " + file + " was let go more often than it was held");
        }
        return new FileEntry(SITE, paths[file], List.of(identities[file]), List.of(contents[file]), 0);
    }
}
