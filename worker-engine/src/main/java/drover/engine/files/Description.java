package drover.engine.files;

/**
 * What is said of a file whatever its coding.
 *
 * @param siteFields the fields that its site adds, each with its CR LF
 */
record Description(String mediaType, String siteFields) {}
