package drover.engine.loop;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How many connections each address has, in all workers of the farm: a mapped file in which each worker counts in a part of
 * its own, and adds up the parts of all that live. Shared by the loops of a worker; without a lock, and without allocating.
 *
 * <p>An address is first counted, then looked up in all parts: so it never has more than the limit, and of two connections
 * that come at the same instant to two loops when one more may come, both may be refused. A worker that was killed counts
 * until its beat is old. An IPv6 address stands for its /64, which is what one client has.
 *
 * <pre>
 *   offset  bytes
 *        0   1024  beats: CLOCK_MONOTONIC in nanoseconds when the worker in slot 1 seat 0, slot 1 seat 1, … last lived
 *     1024  65536  part of slot 1 seat 0: 512 buckets of 16 places of 8 bytes
 *    66560  65536  part of slot 1 seat 1 …
 *
 *   place: 44 bits of the address's hash, 20 bits its number of connections; free if that is 0
 * </pre>
 *
 * The hash names the bucket. If all its places are taken by others, the connection is not counted, and passes: the table
 * is bounded, and whoever has so many addresses is not held by a limit of each.
 */
public final class AddressLimit {

    /** A connection that is not in the table. */
    static final int UNCOUNTED = -1;

    /** A connection that must not be. */
    static final int REFUSED = -2;

    private static final int PARTS = 64 * 2;
    private static final int BUCKETS = 512;
    private static final int PLACES = 16;
    private static final int BEATS_BYTES = PARTS * Long.BYTES;
    private static final int PART_BYTES = BUCKETS * PLACES * Long.BYTES;
    private static final int FILE_BYTES = BEATS_BYTES + PARTS * PART_BYTES;

    private static final int COUNT_BITS = 20;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    /** A hung worker is replaced before this. */
    private static final long STALE_NANOS = Duration.ofSeconds(5).toNanos();

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer table;
    private final int own;
    private final int limit;

    private AddressLimit(ByteBuffer table, int own, int limit) {
        this.table = table;
        this.own = own;
        this.limit = limit;
        for (int at = part(own); at < part(own + 1); at += Long.BYTES) {
            LONG.setVolatile(table, at, 0L); // what a predecessor left
        }
        beat(System.nanoTime());
    }

    /**
     * Opens the file, creates it if no worker has yet, and takes this worker's part.
     *
     * @param limit 0 for none
     */
    public static Optional<AddressLimit> open(Path runDirectory, int slot, int seat, int limit) throws IOException {
        if (limit == 0) {
            return Optional.empty();
        }
        // The name has the layout's version.
        var file = runDirectory.resolve("addresses-1");
        if (!Files.exists(file)) {
            create(file, file.resolveSibling("addresses-1.new-" + slot + "-" + seat));
        }
        try (var channel = FileChannel.open(
                file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            if (channel.size() != FILE_BYTES) {
                throw new IOException(file + " has " + channel.size() + " bytes instead of " + FILE_BYTES
                        + "; delete it while no worker runs");
            }
            var table = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
            return Optional.of(new AddressLimit(table, (slot - 1) * 2 + seat, limit));
        }
    }

    /** Whoever is first wins; the others find the file whole, as all do. */
    private static void create(Path file, Path draft) throws IOException {
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            // Written zeros are allocated, where a sparse file would fail later, in a store to the mapping.
            Files.write(draft, new byte[FILE_BYTES]);
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException another) {
            // as good as this one
        } finally {
            Files.delete(draft);
        }
    }

    /** Says that this worker lives, so that its connections count. */
    void beat(long nanoTime) {
        LONG.setVolatile(table, own * Long.BYTES, nanoTime);
    }

    /** Says that this worker has no connections any more. */
    public void end() {
        LONG.setVolatile(table, own * Long.BYTES, 0L);
    }

    /** Counts a connection: its place in the table, {@link #UNCOUNTED}, or {@link #REFUSED}. */
    int enter(InetAddress address) {
        long hash = hash(key(address));
        int place = count(hash);
        if (place != UNCOUNTED && total(hash) > limit) {
            leave(place);
            return REFUSED;
        }
        return place;
    }

    /** Counts the end of a connection that has a place. */
    void leave(int place) {
        LONG.getAndAdd(table, place, -1L);
    }

    private int count(long hash) {
        int bucket = part(own) + bucket(hash);
        for (int at = bucket; at < bucket + PLACES * Long.BYTES; at += Long.BYTES) {
            if (countAt(at, hash)) {
                return at;
            }
        }
        return takeFree(bucket, hash);
    }

    private boolean countAt(int at, long hash) {
        long found = (long) LONG.getVolatile(table, at);
        while (isOf(found, hash)) {
            long seen = (long) LONG.compareAndExchange(table, at, found, found + 1);
            if (seen == found) {
                return true;
            }
            found = seen;
        }
        return false;
    }

    /** Two loops may each take a place for the same address: {@link #total} adds them up. */
    private int takeFree(int bucket, long hash) {
        for (int at = bucket; at < bucket + PLACES * Long.BYTES; at += Long.BYTES) {
            long found = (long) LONG.getVolatile(table, at);
            while ((found & COUNT_MASK) == 0) {
                long seen = (long) LONG.compareAndExchange(table, at, found, (hash & ~COUNT_MASK) | 1);
                if (seen == found) {
                    return at;
                }
                found = seen;
            }
        }
        return UNCOUNTED;
    }

    private long total(long hash) {
        long now = System.nanoTime();
        long total = 0;
        for (int part = 0; part < PARTS; part++) {
            if (part == own || isAlive((long) LONG.getVolatile(table, part * Long.BYTES), now)) {
                total += totalIn(part(part) + bucket(hash), hash);
            }
        }
        return total;
    }

    private static boolean isAlive(long beat, long now) {
        return beat != 0 && Math.abs(now - beat) < STALE_NANOS;
    }

    private long totalIn(int bucket, long hash) {
        long total = 0;
        for (int at = bucket; at < bucket + PLACES * Long.BYTES; at += Long.BYTES) {
            long found = (long) LONG.getVolatile(table, at);
            total += isOf(found, hash) ? found & COUNT_MASK : 0;
        }
        return total;
    }

    private static boolean isOf(long place, long hash) {
        return (place & COUNT_MASK) != 0 && ((place ^ hash) & ~COUNT_MASK) == 0;
    }

    private static int part(int part) {
        return BEATS_BYTES + part * PART_BYTES;
    }

    /** Relative to the part; from the bits that a place does not keep. */
    private static int bucket(long hash) {
        return (int) (hash & (BUCKETS - 1)) * PLACES * Long.BYTES;
    }

    /** All of an IPv4 address, behind a prefix that no IPv6 network has; the first 64 bits of an IPv6 address. */
    private static long key(InetAddress address) {
        var octets = address.getAddress();
        long key = 0;
        for (int i = 0; i < Math.min(octets.length, Long.BYTES); i++) {
            key = key << Byte.SIZE | (octets[i] & 0xff);
        }
        return address instanceof Inet4Address ? key | 0xffff_ffffL << 32 : key;
    }

    /** The finalizer of SplitMix64: one to one, so that no two addresses share all bits. */
    private static long hash(long key) {
        long hash = (key ^ key >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d0_49bb_1331_11ebL;
        return hash ^ hash >>> 31;
    }
}
