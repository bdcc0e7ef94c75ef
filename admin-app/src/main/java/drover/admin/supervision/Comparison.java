package drover.admin.supervision;

import java.util.List;
import java.util.Optional;

/**
 * What another configuration would change.
 *
 * @param requests recorded ones among those that were asked, each address once
 * @param compared addresses that were asked of both: also of each site its root and some files
 * @param differences addresses that answer otherwise
 */
public record Comparison(int requests, int compared, List<Difference> differences) {

    public Comparison {
        differences = List.copyOf(differences);
    }

    /** An address, with the configuration that runs and with the other one. */
    public record Difference(String host, String path, Answer before, Answer after) {}

    /**
     * What an address answers.
     *
     * @param status none if there was no answer
     * @param location where the client is sent, if it is
     */
    public record Answer(Optional<Integer> status, Optional<String> location) {}
}
