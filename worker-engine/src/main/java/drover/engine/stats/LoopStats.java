package drover.engine.stats;

import java.util.HashMap;
import java.util.Map;

/**
 * Everything that one event loop counts and records. Only its thread calls.
 */
public final class LoopStats {

    private final Section section;
    private final Recorder recorder;
    private final VhostNames vhostNames;
    private final VhostBlock[] vhosts;
    private final Map<String, VhostBlock> blocks = new HashMap<>();
    private final boolean meters;

    LoopStats(Section section, Recorder recorder, VhostNames vhostNames, VhostBlock[] vhosts, boolean meters) {
        this.section = section;
        this.recorder = recorder;
        this.vhostNames = vhostNames;
        this.vhosts = vhosts;
        this.meters = meters;
    }

    void clear() {
        section.clearGauges();
        recorder.clear();
    }

    /** Its counters. */
    public Section section() {
        return section;
    }

    /** Whether requests are counted by virtual host, timed and recorded. */
    public boolean meters() {
        return meters;
    }

    public Recorder recorder() {
        return recorder;
    }

    /** Where a virtual host is counted. Only the first time the loop asks for one, it takes the lock that all loops share. */
    public VhostBlock vhost(String name) {
        var known = blocks.get(name);
        if (known == null) {
            known = vhosts[vhostNames.of(name)];
            blocks.put(name, known);
        }
        return known;
    }

    /** Where everything is counted that is of no virtual host. */
    public VhostBlock others() {
        return vhosts[VhostNames.OTHERS];
    }
}
