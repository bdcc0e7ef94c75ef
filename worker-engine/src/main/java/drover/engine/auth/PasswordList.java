package drover.engine.auth;

import drover.engine.http.BasicCredentials;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Names with the hashes of their passwords as they were at one time, and the credentials that were found right by them: when
 * the list changes there is another one, which has not let anybody in yet. Any thread.
 */
final class PasswordList {

    /** So many are remembered, the latest. */
    private static final int MOST_REMEMBERED = 1024;

    /** Of a password that nobody knows, for a list without users. */
    private static final Bcrypt NOBODY = Bcrypt.parse("$2b$10$......................gIcbeK3aPXwjLhnX9Y6pyYY7GBvMhGi")
            .orElseThrow();

    private final Map<String, Bcrypt> hashes;
    private final List<Bcrypt> decoys;
    private final Map<Seal, String> remembered = new ConcurrentHashMap<>();
    /** In the order in which they came; its monitor guards both against other writers. */
    private final Queue<Seal> latest = new ArrayDeque<>();

    private PasswordList(Map<String, Bcrypt> hashes) {
        this.hashes = Map.copyOf(hashes);
        this.decoys = hashes.isEmpty() ? List.of(NOBODY) : List.copyOf(hashes.values());
    }

    /**
     * Reads lines {@code name:hash} as htpasswd writes them; those that are empty or begin with # are passed over. Of a name
     * the first line counts.
     *
     * @param complain is told the numbers of lines that cannot be used
     */
    static PasswordList of(List<String> lines, Consumer<Integer> complain) {
        var hashes = new LinkedHashMap<String, Bcrypt>();
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i).strip();
            int colon = line.indexOf(':');
            var hash = colon <= 0 ? Optional.<Bcrypt>empty() : Bcrypt.parse(line.substring(colon + 1));
            if (hash.isPresent()) {
                hashes.putIfAbsent(line.substring(0, colon), hash.get());
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                complain.accept(i + 1);
            }
        }
        return new PasswordList(hashes);
    }

    /** Whether the password is the user's. A name that is not there takes as long as one that is. */
    boolean admits(BasicCredentials credentials) {
        var user = credentials.user();
        var hash = Optional.ofNullable(hashes.get(user));
        // A name always meets the same one, so that lists of several costs give nothing away either.
        var decoy = decoys.get(Math.floorMod(user.hashCode(), decoys.size()));
        return hash.orElse(decoy).matches(credentials.password()) && hash.isPresent();
    }

    /** Whom the sealed credentials let in already. Takes no lock. */
    Optional<String> remembered(Seal seal) {
        return Optional.ofNullable(remembered.get(seal));
    }

    void remember(Seal seal, String user) {
        synchronized (latest) {
            if (remembered.putIfAbsent(seal, user) == null) {
                latest.add(seal);
            }
            if (latest.size() > MOST_REMEMBERED) {
                remembered.remove(latest.remove());
            }
        }
    }
}
