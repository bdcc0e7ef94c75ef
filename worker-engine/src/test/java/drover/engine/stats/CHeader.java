package drover.engine.stats;

/** Renders the region's layout as the C header the master is compiled with. */
final class CHeader {

    private CHeader() {}

    static String render() {
        var header = new StringBuilder("""
                /*
                 * Where everything lies in the statistics region: the same facts as RegionLayout.java, Counter.java and
                 * SeatState.java, from which CHeaderTest generates this file. Do not edit.
                 */
                #ifndef DROVER_REGION_LAYOUT_H
                #define DROVER_REGION_LAYOUT_H

                """);
        define(header, "REGION_MAGIC", "0x%016xULL".formatted(RegionLayout.MAGIC));
        define(header, "REGION_VERSION", RegionLayout.VERSION);
        define(header, "REGION_SLOTS", RegionLayout.SLOTS);
        define(header, "REGION_SEATS", RegionLayout.SEATS);
        define(header, "REGION_MAX_LOOPS", RegionLayout.MAX_LOOPS);
        define(header, "REGION_MAX_VHOSTS", RegionLayout.MAX_VHOSTS);
        define(header, "REGION_COUNTER_CAPACITY", RegionLayout.COUNTER_CAPACITY);
        header.append('\n');
        define(header, "REGION_HEADER_MAGIC", RegionLayout.HEADER_MAGIC);
        define(header, "REGION_HEADER_VERSION", RegionLayout.HEADER_VERSION);
        define(header, "REGION_HEADER_SLOTS", RegionLayout.HEADER_SLOTS);
        define(header, "REGION_HEADER_LOOPS", RegionLayout.HEADER_LOOPS);
        define(header, "REGION_HEADER_COUNTER_CAPACITY", RegionLayout.HEADER_COUNTER_CAPACITY);
        define(header, "REGION_HEADER_FILE_SIZE", RegionLayout.HEADER_FILE_SIZE);
        define(header, "REGION_HEADER_CREATED_AT", RegionLayout.HEADER_CREATED_AT);
        define(header, "REGION_HEADER_BOOT_ID", RegionLayout.HEADER_BOOT_ID);
        define(header, "REGION_HEADER_VHOSTS", RegionLayout.HEADER_VHOSTS);
        define(header, "REGION_HEADER_SLOTS_IN_USE", RegionLayout.HEADER_SLOTS_IN_USE);
        define(header, "REGION_HEADER_SIZE", RegionLayout.HEADER_SIZE);
        header.append('\n');
        define(header, "REGION_SECTION_TURNS", RegionLayout.SECTION_TURNS);
        define(header, "REGION_SECTION_HEARTBEAT", RegionLayout.SECTION_HEARTBEAT);
        define(header, "REGION_SECTION_COUNTERS", RegionLayout.SECTION_COUNTERS);
        define(header, "REGION_SECTION_SIZE", RegionLayout.SECTION_SIZE);
        define(header, "REGION_SEAT_STATE", RegionLayout.SEAT_STATE);
        define(header, "REGION_SEAT_PID", RegionLayout.SEAT_PID);
        define(header, "REGION_SEAT_STARTED_AT", RegionLayout.SEAT_STARTED_AT);
        define(header, "REGION_SEAT_HEAD_SIZE", RegionLayout.SEAT_HEAD_SIZE);
        define(header, "REGION_VHOST_NAME_SIZE", RegionLayout.VHOST_NAME_SIZE);
        define(header, "REGION_RECORDER_SIZE", Recorder.SIZE);
        define(header, "REGION_VHOST_BLOCK_SIZE", VhostBlock.SIZE);
        define(header, "REGION_MASTER_SECTION", RegionLayout.MASTER_SECTION);
        define(header, "REGION_FIRST_SEAT", RegionLayout.FIRST_SEAT);

        header.append("\nenum counter {\n");
        for (var counter : Counter.values()) {
            header.append("        COUNTER_%s = %d,\n".formatted(counter.name(), counter.index()));
        }
        header.append("        COUNTERS = %d\n};\n".formatted(Counter.values().length));

        header.append("\nenum seat_state {\n");
        for (var state : SeatState.values()) {
            header.append("        SEAT_%s = %d,\n".formatted(state.name(), state.code()));
        }
        header.append("};\n\n#endif\n");
        return header.toString();
    }

    private static void define(StringBuilder header, String name, Object value) {
        header.append("#define %s %s\n".formatted(name, value));
    }
}
