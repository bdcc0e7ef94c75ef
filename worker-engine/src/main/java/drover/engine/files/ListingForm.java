package drover.engine.files;

/** How a directory's listing is written. */
public enum ListingForm {
    HTML("text/html; charset=utf-8"),
    JSON("application/json");

    private final String mediaType;

    ListingForm(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }
}
