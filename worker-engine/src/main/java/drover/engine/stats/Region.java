package drover.engine.stats;

import drover.engine.posix.Posix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The statistics region: shared memory that admin creates; master and workers write their own sections; everyone else
 * reads. It has no name but its number, which lies in a file in the run directory, and lives as long as a process has it:
 * whatever becomes of the file, nobody who counts can be harmed, as one who has mapped a file is when it is truncated. The
 * mapping lives as long as the process.
 */
public final class Region {

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final Pattern FILE = Pattern.compile("shm (\\d{1,10}) (\\d{1,18})\n");
    private static final int MOST_FILE_BYTES = 64;

    private final MemorySegment segment;
    private final RegionLayout layout;
    private final String file;

    /** @param file what the file must say */
    private Region(MemorySegment segment, RegionLayout layout, String file) {
        this.segment = segment;
        this.layout = layout;
        this.file = file;
    }

    /**
     * Creates a region, and the file that leads to it over whatever lay at the path. Memory is taken when it is first
     * written to, so slots that are never used take none.
     *
     * @throws IOException if the directory cannot be written, or the kernel has no room
     */
    public static Region create(Path path, RegionLayout layout) throws IOException {
        int id = Posix.sharedMemory(layout.fileSize());
        if (id < 0) {
            throw new IOException(
                    "no shared memory of %,d bytes for statistics: errno %d".formatted(layout.fileSize(), -id));
        }
        try {
            var region = new Region(
                    attach(id, layout.fileSize(), /* writable= */ true),
                    layout,
                    "shm %d %d\n".formatted(id, layout.fileSize()));
            region.writeHeader();
            region.writeFile(path);
            return region;
        } finally {
            // From here on it goes with the last process that has it; others may still come as long as one has.
            Posix.removeSharedMemory(id);
        }
    }

    private void writeFile(Path path) throws IOException {
        var draft = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(draft, file);
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException refused) {
            Files.deleteIfExists(draft);
            throw refused;
        }
    }

    /**
     * Makes the file and the header what they were, for whoever comes next; by the one who created it, or its successor.
     *
     * @return what was wrong; nothing, most of the time
     */
    public Optional<String> repair(Path path) throws IOException {
        var wrong = wrong(path);
        if (wrong.isPresent()) {
            writeHeader();
            writeFile(path);
        }
        return wrong;
    }

    private Optional<String> wrong(Path path) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(path + " was gone");
        }
        if (Files.size(path) != file.length() || !file.equals(Files.readString(path, StandardCharsets.ISO_8859_1))) {
            return Optional.of(path + " said something else");
        }
        return headerIsWhole() ? Optional.empty() : Optional.of("the header was overwritten");
    }

    private boolean headerIsWhole() throws IOException {
        var bootId = bootId();
        return getOpaque(RegionLayout.HEADER_MAGIC) == RegionLayout.MAGIC
                && getOpaque(RegionLayout.HEADER_VERSION) == RegionLayout.VERSION
                && getOpaque(RegionLayout.HEADER_SLOTS) == RegionLayout.SLOTS
                && getOpaque(RegionLayout.HEADER_LOOPS) == layout.loops()
                && getOpaque(RegionLayout.HEADER_VHOSTS) == layout.vhosts()
                && getOpaque(RegionLayout.HEADER_COUNTER_CAPACITY) == RegionLayout.COUNTER_CAPACITY
                && getOpaque(RegionLayout.HEADER_FILE_SIZE) == layout.fileSize()
                && getOpaque(RegionLayout.HEADER_BOOT_ID) == bootId.getMostSignificantBits()
                && getOpaque(RegionLayout.HEADER_BOOT_ID + 8) == bootId.getLeastSignificantBits();
    }

    /** A process is about to count in a slot: by the one who created the region. */
    public void reserve(int slot) {
        setRelease(RegionLayout.HEADER_SLOTS_IN_USE, getOpaque(RegionLayout.HEADER_SLOTS_IN_USE) | slotBit(slot));
    }

    /** Whether a process has ever counted in a slot; of others nothing is read, for to read takes memory, too. */
    boolean isReserved(int slot) {
        return (getAcquire(RegionLayout.HEADER_SLOTS_IN_USE) & slotBit(slot)) != 0;
    }

    private static long slotBit(int slot) {
        return 1L << (slot - 1);
    }

    /** Attaches the region that a file leads to, to write. */
    public static Region openToWrite(Path path) throws IOException {
        return open(path, /* writable= */ true);
    }

    /** Attaches it to read. */
    public static Region openToRead(Path path) throws IOException {
        return open(path, /* writable= */ false);
    }

    /** @throws IOException if there is no such file or region, or it is not of this layout and this boot: to be created anew */
    private static Region open(Path path, boolean writable) throws IOException {
        var file = read(path);
        var numbers = FILE.matcher(file);
        if (!numbers.matches()) {
            throw new IOException(path + " is not a statistics region");
        }
        long bytes = Long.parseLong(numbers.group(2));
        int id = (int) Math.min(Long.parseLong(numbers.group(1)), Integer.MAX_VALUE);
        long found = Posix.sharedMemoryBytes(id);
        if (found < 0) {
            throw new IOException(path + " leads to shared memory that is gone: errno " + -found);
        }
        if (found != bytes || found < RegionLayout.HEADER_SIZE) {
            throw new IOException(path + " has " + found + " bytes instead of " + bytes);
        }
        return new Region(attach(id, bytes, writable), layout(path, id, bytes), file);
    }

    private static String read(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            var bytes = ByteBuffer.allocate(MOST_FILE_BYTES);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // to its end
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
        }
    }

    private static MemorySegment attach(int id, long bytes, boolean writable) throws IOException {
        long address = Posix.attachSharedMemory(id, writable);
        if (address < 0) {
            throw new IOException("shared memory of the statistics cannot be attached: errno " + -address);
        }
        var segment = MemorySegment.ofAddress(address).reinterpret(bytes);
        return writable ? segment : segment.asReadOnly();
    }

    private static RegionLayout layout(Path path, int id, long bytes) throws IOException {
        var segment = attach(id, bytes, /* writable= */ false);
        if ((long) LONG.getAcquire(segment, (long) RegionLayout.HEADER_MAGIC) != RegionLayout.MAGIC) {
            throw new IOException(path + " is not a statistics region");
        }
        long version = read(segment, RegionLayout.HEADER_VERSION);
        if (version != RegionLayout.VERSION) {
            throw new IOException(
                    path + " has layout version " + version + ", this program knows " + RegionLayout.VERSION);
        }
        long loops = read(segment, RegionLayout.HEADER_LOOPS);
        long vhosts = read(segment, RegionLayout.HEADER_VHOSTS);
        if (read(segment, RegionLayout.HEADER_SLOTS) != RegionLayout.SLOTS
                || read(segment, RegionLayout.HEADER_COUNTER_CAPACITY) != RegionLayout.COUNTER_CAPACITY
                || loops < 1
                || loops > RegionLayout.MAX_LOOPS
                || vhosts < 1
                || vhosts > RegionLayout.MAX_VHOSTS) {
            throw new IOException(path + " has a header that does not fit its version");
        }
        var layout = new RegionLayout((int) loops, (int) vhosts);
        if (bytes != layout.fileSize() || read(segment, RegionLayout.HEADER_FILE_SIZE) != layout.fileSize()) {
            throw new IOException(path + " has " + bytes + " bytes instead of " + layout.fileSize());
        }
        var bootId = bootId();
        if (read(segment, RegionLayout.HEADER_BOOT_ID) != bootId.getMostSignificantBits()
                || read(segment, RegionLayout.HEADER_BOOT_ID + 8) != bootId.getLeastSignificantBits()) {
            throw new IOException(path + " is from before the last boot");
        }
        return layout;
    }

    private static UUID bootId() throws IOException {
        return UUID.fromString(
                Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
    }

    private void writeHeader() throws IOException {
        var bootId = bootId();
        setOpaque(RegionLayout.HEADER_VERSION, RegionLayout.VERSION);
        setOpaque(RegionLayout.HEADER_SLOTS, RegionLayout.SLOTS);
        setOpaque(RegionLayout.HEADER_LOOPS, layout.loops());
        setOpaque(RegionLayout.HEADER_VHOSTS, layout.vhosts());
        setOpaque(RegionLayout.HEADER_COUNTER_CAPACITY, RegionLayout.COUNTER_CAPACITY);
        setOpaque(RegionLayout.HEADER_FILE_SIZE, layout.fileSize());
        setOpaque(RegionLayout.HEADER_CREATED_AT, System.currentTimeMillis());
        setOpaque(RegionLayout.HEADER_BOOT_ID, bootId.getMostSignificantBits());
        setOpaque(RegionLayout.HEADER_BOOT_ID + 8, bootId.getLeastSignificantBits());
        setRelease(RegionLayout.HEADER_MAGIC, RegionLayout.MAGIC);
    }

    public RegionLayout layout() {
        return layout;
    }

    /** A writer for one section. The caller's thread must be the only one that ever uses it. */
    public Section section(long offset) {
        return new Section(this, offset);
    }

    long getOpaque(long offset) {
        return (long) LONG.getOpaque(segment, offset);
    }

    long getAcquire(long offset) {
        return (long) LONG.getAcquire(segment, offset);
    }

    void setOpaque(long offset, long value) {
        LONG.setOpaque(segment, offset, value);
    }

    void setRelease(long offset, long value) {
        LONG.setRelease(segment, offset, value);
    }

    /** Plain bytes, as a part of something whose version tells whether they are whole. */
    void setBytes(long offset, byte[] source, int from, int count) {
        MemorySegment.copy(source, from, segment, ValueLayout.JAVA_BYTE, offset, count);
    }

    /** A copy of plain bytes. */
    byte[] bytes(long offset, int count) {
        var copy = new byte[count];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, copy, 0, count);
        return copy;
    }

    void copy(long from, long to, int count) {
        MemorySegment.copy(segment, from, segment, to, count);
    }

    /** What was stored before is seen before what is stored after. */
    static void storeFence() {
        VarHandle.storeStoreFence();
    }

    /** What is read before is read before what is read after. */
    static void loadFence() {
        VarHandle.loadLoadFence();
    }

    private static long read(MemorySegment segment, long offset) {
        return (long) LONG.getOpaque(segment, offset);
    }
}
