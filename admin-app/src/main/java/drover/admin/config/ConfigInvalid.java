package drover.admin.config;

/** The configuration cannot be used; the message says where, what is wrong, and what to do. */
public final class ConfigInvalid extends RuntimeException {

    private static final long serialVersionUID = 1;

    ConfigInvalid(String message) {
        super(message);
    }
}
