package drover.admin.explain;

import java.util.List;
import java.util.Optional;

/**
 * What a request would get now, and why.
 *
 * @param client whom it is of
 * @param worker that was asked
 * @param site none if no site has the host
 * @param rules of the site that apply, in the order in which they are gone by
 * @param file whose bytes are answered with, if any are
 * @param status of the answer
 * @param fields of the answer, in their order
 * @param steps from request to answer, sentences
 */
public record Explanation(
        String url,
        String method,
        String client,
        int worker,
        Optional<Site> site,
        List<Rule> rules,
        Optional<String> file,
        Cache cache,
        int status,
        String reason,
        List<Field> fields,
        List<String> steps) {

    public Explanation {
        rules = List.copyOf(rules);
        fields = List.copyOf(fields);
        steps = List.copyOf(steps);
    }

    /**
     * Who answers.
     *
     * @param directory where its files lie
     * @param why it is this one, a sentence
     */
    public record Site(String name, String directory, String why) {}

    /**
     * A rule of the site.
     *
     * @param kind {@code allow}, {@code deny}, {@code maintenance}, {@code cors}, {@code redirect}, {@code rewrite}, {@code auth},
     *     {@code listing}, {@code fallback}, {@code header}, {@code field} or {@code error-page}
     */
    public record Rule(String kind, String text) {}

    /** A field of the answer. */
    public record Field(String name, String value) {}

    /**
     * What the cache of the worker that was asked has, and those of the others.
     *
     * @param workers one for each that answered
     */
    public record Cache(State state, List<WorkerCache> workers) {

        public Cache {
            workers = List.copyOf(workers);
        }
    }

    /**
     * What the cache of one worker has of the path.
     *
     * @param bytes in memory, in all codings
     * @param openFiles that are kept open because the content is large
     * @param codings in which it can be sent
     */
    public record WorkerCache(int worker, State state, long bytes, int openFiles, List<String> codings) {

        public WorkerCache {
            codings = List.copyOf(codings);
        }
    }

    /** What a file cache has to do with a request. */
    public enum State {
        /** The request would be answered from it. */
        HIT,
        /** It has the file, but must look first whether that has changed. */
        STALE,
        /** It has nothing; the disk is looked at. */
        MISS,
        /** No file is needed. */
        NONE
    }
}
