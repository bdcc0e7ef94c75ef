package drover.admin.config;

import java.util.Optional;

/** The configuration cannot be used; the message says where, what is wrong, and what to do. */
public final class ConfigInvalid extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String source;
    private final int line;
    private final String key;
    private final String reason;

    ConfigInvalid(String message) {
        super(message);
        source = "";
        line = 0;
        key = "";
        reason = message;
    }

    /** Of a key, or of none if it is empty. */
    ConfigInvalid(Place place, String key, String reason) {
        super(place + ": " + reason);
        this.source = place.source();
        this.line = place.line().orElse(0);
        this.key = key;
        this.reason = reason;
    }

    /** Where it stands, if it is about something that stands somewhere. */
    public Optional<Place> place() {
        return source.isEmpty()
                ? Optional.empty()
                : Optional.of(new Place(source, line == 0 ? Optional.empty() : Optional.of(line)));
    }

    /** The key it is about, if it is about one. */
    public Optional<String> key() {
        return key.isEmpty() ? Optional.empty() : Optional.of(key);
    }

    /** The message without the place. */
    public String reason() {
        return reason;
    }
}
