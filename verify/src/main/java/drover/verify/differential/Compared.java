package drover.verify.differential;

import java.util.List;
import java.util.Optional;

/**
 * What both said to one stream: status codes in order.
 *
 * @param stream each byte as the character of its number
 */
record Compared(String stream, List<Integer> drover, List<Integer> nginx, int droverCanaries, int nginxCanaries) {

    /** What Drover may not do, or nothing. */
    Optional<String> fault() {
        if (droverCanaries > nginxCanaries) {
            return Optional.of("answers a canary that nginx does not");
        }
        if (drover.size() > nginx.size()) {
            return Optional.of("more responses");
        }
        for (int i = 0; i < drover.size(); i++) {
            if (nginx.get(i) == 400 && drover.get(i) / 100 == 2) {
                return Optional.of(drover.get(i) + " where nginx says 400");
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "drover=" + drover + " nginx=" + nginx + " canaries=" + droverCanaries + "/" + nginxCanaries + " "
                + stream;
    }
}
