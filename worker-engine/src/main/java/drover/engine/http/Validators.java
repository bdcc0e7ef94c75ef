package drover.engine.http;

import java.util.OptionalLong;

/**
 * What a resource is now, to hold a client's copy against, RFC 9110 §8.8.
 *
 * @param lastModified seconds since the epoch; empty if it is not known
 */
public record Validators(EntityTag etag, OptionalLong lastModified) {}
