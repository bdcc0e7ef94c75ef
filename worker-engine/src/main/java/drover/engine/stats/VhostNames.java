package drover.engine.stats;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Which virtual host is counted where, for one seat. A name keeps its place as long as the region lives, whoever takes the
 * seat; when all places are taken, further names are counted with {@link VhostReading#OTHERS}. Any thread of the worker may
 * ask.
 */
public final class VhostNames {

    static final int OTHERS = 0;
    private static final int MOST_BYTES = RegionLayout.VHOST_NAME_SIZE - 8;

    private final Region region;
    private final int slot;
    private final int seat;
    private final Map<String, Integer> places = new HashMap<>();

    VhostNames(Region region, int slot, int seat) {
        this.region = region;
        this.slot = slot;
        this.seat = seat;
        for (int vhost = 1; vhost < region.layout().vhosts(); vhost++) {
            var name = read(region, slot, seat, vhost);
            if (!name.isEmpty()) {
                places.putIfAbsent(name, vhost);
            }
        }
    }

    /** The place of a virtual host, which it gets when it is first asked for. */
    public synchronized int of(String name) {
        var known = places.get(name);
        return known != null ? known : enter(name);
    }

    private int enter(String name) {
        int free = places.size() + 1;
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        if (free >= region.layout().vhosts() || bytes.length == 0 || bytes.length > MOST_BYTES) {
            return OTHERS;
        }
        long at = region.layout().vhostName(slot, seat, free);
        region.setBytes(at + 8, bytes, 0, bytes.length);
        region.setRelease(at, bytes.length);
        places.put(name, free);
        return free;
    }

    /** The name at a place, or nothing; whatever lies there is cut to what a name may be. */
    static String read(Region region, int slot, int seat, int vhost) {
        long at = region.layout().vhostName(slot, seat, vhost);
        int length = Math.clamp(region.getAcquire(at), 0, MOST_BYTES);
        return new String(region.bytes(at + 8, length), StandardCharsets.UTF_8);
    }
}
