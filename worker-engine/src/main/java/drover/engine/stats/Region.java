package drover.engine.stats;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * The mapped statistics file. Admin creates it; master and workers map it to write their own sections; everyone else
 * maps it to read. The mapping lives as long as the process. The segment is never passed to native code: a file truncated
 * under the mapping is an {@link InternalError} to Java and a SIGBUS to C.
 */
public final class Region {

    private static final int ZEROS = 64 << 10;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();

    private final MemorySegment segment;
    private final RegionLayout layout;

    private Region(MemorySegment segment, RegionLayout layout) {
        this.segment = segment;
        this.layout = layout;
    }

    /**
     * Creates the file, with memory for its head but for no slot yet, and moves it over whatever lay at the path.
     *
     * @throws IOException if the directory cannot be written or has no room
     */
    public static Region create(Path path, RegionLayout layout) throws IOException {
        var draft = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            writeZeros(channel, 0, RegionLayout.FIRST_SEAT);
            writeZeros(channel, layout.fileSize() - 1, 1);
        } catch (IOException refused) {
            Files.deleteIfExists(draft);
            throw refused;
        }
        var region = new Region(map(draft, /* writable= */ true), layout);
        region.writeHeader();
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        return region;
    }

    /**
     * Gives a slot its memory, if it has none yet: before a process is started in it, by the one who created the file.
     *
     * @throws IOException if there is no room for it
     */
    public void reserve(Path path, int slot) throws IOException {
        long inUse = getOpaque(RegionLayout.HEADER_SLOTS_IN_USE);
        if ((inUse & slotBit(slot)) != 0) {
            return;
        }
        try (var channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            writeZeros(channel, layout.seat(slot, 0), layout.slotSize());
        } catch (IOException refused) {
            throw new IOException(
                    "no room for the statistics of worker %d, %,d bytes in %s: %s"
                            .formatted(slot, layout.slotSize(), path, refused.getMessage()),
                    refused);
        }
        setRelease(RegionLayout.HEADER_SLOTS_IN_USE, inUse | slotBit(slot));
    }

    /** Whether a slot has memory; others must not be touched. */
    boolean isReserved(int slot) {
        return (getAcquire(RegionLayout.HEADER_SLOTS_IN_USE) & slotBit(slot)) != 0;
    }

    private static long slotBit(int slot) {
        return 1L << (slot - 1);
    }

    /** Written zeros have memory, where a sparse file would fail later, in a store to the mapping. */
    private static void writeZeros(FileChannel channel, long from, long count) throws IOException {
        var zeros = ByteBuffer.allocate((int) Math.min(count, ZEROS));
        for (long at = from; at < from + count; ) {
            zeros.clear().limit((int) Math.min(ZEROS, from + count - at));
            at += channel.write(zeros, at);
        }
    }

    /** Maps a file to write to it. */
    public static Region openToWrite(Path path) throws IOException {
        return open(path, /* writable= */ true);
    }

    /** Maps a file to read it. */
    public static Region openToRead(Path path) throws IOException {
        return open(path, /* writable= */ false);
    }

    /** @throws IOException if there is no such file or it is not of this layout and this boot: to be created anew */
    private static Region open(Path path, boolean writable) throws IOException {
        var segment = map(path, writable);
        if (segment.byteSize() < RegionLayout.HEADER_SIZE
                || (long) LONG.getAcquire(segment, (long) RegionLayout.HEADER_MAGIC) != RegionLayout.MAGIC) {
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
        if (segment.byteSize() != layout.fileSize()
                || read(segment, RegionLayout.HEADER_FILE_SIZE) != layout.fileSize()) {
            throw new IOException(path + " has " + segment.byteSize() + " bytes instead of " + layout.fileSize());
        }
        var bootId = bootId();
        if (read(segment, RegionLayout.HEADER_BOOT_ID) != bootId.getMostSignificantBits()
                || read(segment, RegionLayout.HEADER_BOOT_ID + 8) != bootId.getLeastSignificantBits()) {
            throw new IOException(path + " is from before the last boot");
        }
        return new Region(segment, layout);
    }

    private static MemorySegment map(Path path, boolean writable) throws IOException {
        Set<OpenOption> options = writable
                ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                : Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        var mode = writable ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY;
        try (var channel = FileChannel.open(path, options)) {
            return channel.map(mode, 0, channel.size(), Arena.global());
        }
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
