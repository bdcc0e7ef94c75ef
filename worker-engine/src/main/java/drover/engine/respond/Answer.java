package drover.engine.respond;

import drover.engine.files.Content;
import drover.engine.files.ListingForm;
import drover.engine.http.AcceptEncoding;
import drover.engine.http.BasicCredentials;
import drover.engine.http.Status;
import drover.engine.vhost.Protection;
import drover.engine.vhost.Site;
import java.util.Optional;

/** What is to be done about a request. */
public sealed interface Answer {

    /** Send this file, which is held for whoever gets this. */
    record File(Site site, Content content) implements Answer {}

    /** Only the file system knows; the decoded path lies in {@link Responder#path}. */
    record Look(Site site, AcceptEncoding accepted, ListingForm form) implements Answer {}

    /** It is for users only, and it has to be found out whether the client is this one; if so, look. */
    record Login(Look look, Protection protection, BasicCredentials credentials) implements Answer {}

    /** It is for users only, and the client said nothing that makes it one: ask it for a password. */
    record Unauthorized(Site site, Protection protection) implements Answer {}

    /** The client is known to be this user; do what there is to do. */
    record Admitted(String user, Answer then) implements Answer {}

    /** Say what the methods are. */
    record Methods() implements Answer {}

    /** Send the client elsewhere. */
    record Redirect(Status status, String location, Site site) implements Answer {}

    /** The site does not answer now, or not this client: say so with its own page if it has one. */
    record Closed(Site site, Status status) implements Answer {}

    /** Say whether the worker lives, or whether it takes requests: neither logged nor counted. */
    record Probe(boolean asksForReadiness) implements Answer {}

    /** Say to a browser what pages of its origin may do. */
    record Preflight(Site site) implements Answer {}

    /**
     * Say no. A refusal that closes is one after which the connection's bytes cannot be trusted.
     *
     * @param site whose fields go along
     */
    record Refusal(Status status, boolean closes, Optional<Site> site) implements Answer {}
}
