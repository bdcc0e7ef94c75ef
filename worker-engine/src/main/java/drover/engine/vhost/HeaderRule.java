package drover.engine.vhost;

import java.util.List;

/**
 * Fields for the files of a pattern.
 *
 * @param fields each {@code Name: value}; an empty value leaves the field out, whatever later rules say
 * @param always whether they go with any answer to a path of the pattern: errors and redirects, too
 */
public record HeaderRule(Glob path, List<String> fields, boolean always) {

    public HeaderRule {
        fields = List.copyOf(fields);
    }
}
