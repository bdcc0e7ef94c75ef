package drover.engine.files;

import drover.engine.posix.DirectoryEntries;
import drover.engine.posix.FileStatus;
import drover.engine.posix.Posix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a directory holds, as far as a client could ask for it: files and directories whose names do not begin with a dot.
 * A link is what it leads to, if that lies within the site.
 *
 * @param entries directories first, by name
 * @param cut whether there are more, which were not looked at
 */
record Listing(List<Entry> entries, boolean cut) {

    /** Reading them takes some milliseconds, and a page of them half a megabyte. */
    static final int MOST_ENTRIES = 2000;

    /** A name is bytes; they may be no text. */
    record Entry(String name, boolean isText, boolean directory, long size, long modifiedSeconds) {

        static Entry of(byte[] bytes, FileStatus status) {
            var name = new String(bytes, StandardCharsets.UTF_8);
            boolean isText = java.util.Arrays.equals(name.getBytes(StandardCharsets.UTF_8), bytes);
            return new Entry(
                    name,
                    isText,
                    status.directory(),
                    status.size(),
                    status.modified().getEpochSecond());
        }

        /** Whether a request can name it: the path decoder refuses the others. */
        boolean isReachable() {
            return isText && name.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '\\');
        }
    }

    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::directory)
            .reversed()
            .thenComparing(Entry::name, String.CASE_INSENSITIVE_ORDER)
            .thenComparing(Entry::name);

    /**
     * Reads an open directory.
     *
     * @param site its site's directory, open
     * @param path of the directory within it, empty or ending with a slash
     * @return empty if it is no directory
     */
    static Optional<Listing> read(int directory, int site, String path) {
        var names = new ArrayList<byte[]>();
        int result = DirectoryEntries.read(directory, name -> {
            if (name[0] != '.') {
                names.add(name);
            }
            return names.size() <= MOST_ENTRIES;
        });
        if (result < 0) {
            return Optional.empty();
        }
        var entries = names.stream()
                .limit(MOST_ENTRIES)
                .flatMap(name -> status(directory, name, site, path).map(status -> Entry.of(name, status)).stream())
                .sorted(ORDER)
                .toList();
        return Optional.of(new Listing(entries, names.size() > MOST_ENTRIES));
    }

    private static Optional<FileStatus> status(int directory, byte[] name, int site, String path) {
        return Posix.status(directory, name)
                .flatMap(status -> status.link() ? target(site, path, name) : Optional.of(status))
                .filter(status -> status.regular() || status.directory());
    }

    /** The same walk as a request's, so that nothing is said of what it could not reach. */
    private static Optional<FileStatus> target(int site, String path, byte[] name) {
        int fd = Posix.openBeneath(site, path + new String(name, StandardCharsets.UTF_8));
        if (fd < 0) {
            return Optional.empty();
        }
        try {
            return Posix.status(fd);
        } finally {
            Posix.close(fd);
        }
    }
}
