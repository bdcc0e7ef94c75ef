package drover.engine.files;

/**
 * How much of a trace a cache answers by itself, once it is full.
 *
 * @param requests share of them, 0 to 1
 * @param bytes share of the bytes that were asked for
 */
record HitRatio(double requests, double bytes) {

    /** A third of the trace fills the cache and is not counted. */
    static HitRatio of(Contender contender, long capacityBytes, Documents documents, Trace trace) {
        var cache = contender.create(capacityBytes);
        var requests = trace.requests();
        int begin = requests.length / 3;
        long hits = 0;
        long hitBytes = 0;
        long allBytes = 0;
        for (int at = 0; at < requests.length; at++) {
            int file = requests[at];
            boolean counts = at >= begin;
            allBytes += counts ? documents.size(file) : 0;
            if (cache.find(Documents.SITE, documents.path(file), documents.path(file).length)
                    .isEmpty()) {
                cache.put(documents.entry(file));
            } else if (counts) {
                hits++;
                hitBytes += documents.size(file);
            }
        }
        return new HitRatio((double) hits / (requests.length - begin), (double) hitBytes / allBytes);
    }
}
