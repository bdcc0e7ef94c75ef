package drover.admin.config;

import java.util.Optional;

/**
 * Where a setting stands.
 *
 * @param source a file as people know it, or {@code environment, NAME}, {@code argument --NAME}, or {@code configuration}
 * @param line of the file, from 1
 */
public record Place(String source, Optional<Integer> line) {

    static Place of(String source) {
        return new Place(source, Optional.empty());
    }

    /** {@code config/drover.yml:12}. */
    @Override
    public String toString() {
        return source + line.map(number -> ":" + number).orElse("");
    }
}
