package drover.engine.stats;

/**
 * Everything that one event loop counts and records. Only its thread calls.
 */
public final class LoopStats {

    private final Section section;
    private final Recorder recorder;
    private final VhostNames vhostNames;
    private final VhostBlock[] vhosts;
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

    /** Where a virtual host is counted; to be kept for as long as requests are for the same one. */
    public VhostBlock vhost(String name) {
        return vhosts[vhostNames.of(name)];
    }

    /** Where everything is counted that is of no virtual host. */
    public VhostBlock others() {
        return vhosts[VhostNames.OTHERS];
    }
}
