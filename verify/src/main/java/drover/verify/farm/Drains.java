package drover.verify.farm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** How long event loops drained, by what the master wrote: from its word to them until their lane ended. */
public final class Drains {

    private static final Pattern LINE =
            Pattern.compile("(\\S+) INFO lane (draining|ended) (slot=\\d+ seat=\\d+ loop=\\d+)\\b.*");

    private Drains() {}

    /** All that have ended, in order. */
    public static List<Duration> in(Path masterLog) throws IOException {
        var begun = new TreeMap<String, Instant>();
        var drains = new ArrayList<Duration>();
        for (var line : Files.readAllLines(masterLog)) {
            var matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            var at = Instant.parse(matcher.group(1));
            if (matcher.group(2).equals("draining")) {
                begun.put(matcher.group(3), at);
            } else if (begun.containsKey(matcher.group(3))) {
                drains.add(Duration.between(begun.remove(matcher.group(3)), at));
            }
        }
        return drains;
    }
}
