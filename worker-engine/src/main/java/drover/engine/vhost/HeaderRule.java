package drover.engine.vhost;

import java.util.List;

/**
 * Fields for the files of a pattern.
 *
 * @param fields each {@code Name: value}; an empty value leaves the field out, whatever later rules say
 */
public record HeaderRule(Glob path, List<String> fields) {

    public HeaderRule {
        fields = List.copyOf(fields);
    }
}
