package drover.admin.history;

/** What is remembered of the farm, in the order in which it lies in memory and file; another order is another version. */
enum Column {
    REQUESTS_PER_SECOND("requestsPerSecond"),
    /** Of responses, heads included. */
    BYTES_PER_SECOND("bytesPerSecond"),
    READING("reading"),
    WRITING("writing"),
    IDLE("idle"),
    /** Answers of 500 to 599. */
    ERRORS_PER_SECOND("errorsPerSecond"),
    WORKERS_UP("workersUp");

    static final int COUNT = values().length;

    private final String label;

    Column(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
