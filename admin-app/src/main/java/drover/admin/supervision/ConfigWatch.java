package drover.admin.supervision;

import drover.admin.config.ConfigInvalid;
import drover.admin.events.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up what changes in the configuration's file for those who cannot say so: Kubernetes swaps the symbolic link
 * {@code ..data} beside a mounted ConfigMap and tells no process. Looks at the content, on a thread of its own, since links,
 * mounts and network file systems do not all tell inotify(7) what they do.
 *
 * <p>A content is taken up when two looks have seen it, so that nothing half written is, and once: refused or not, it is not
 * tried again until it changes.
 */
public final class ConfigWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

    private static final long LOOK_EVERY_SECONDS = 1;

    private final Path file;
    private final Reloads reloads;
    private byte[] seen;
    private byte[] settled;
    private boolean readable = true;

    private ConfigWatch(Path file, byte[] tried, Reloads reloads) {
        this.file = file;
        this.reloads = reloads;
        this.seen = tried;
        this.settled = tried;
    }

    /** Watches a file, of which this text has been tried already, until the process ends. */
    public static void begin(Path file, String tried, Reloads reloads) {
        var watch = new ConfigWatch(file, tried.getBytes(StandardCharsets.UTF_8), reloads);
        var _ = Executors.newSingleThreadScheduledExecutor(task ->
                        Thread.ofPlatform().daemon().name("config-watch").unstarted(task))
                .scheduleWithFixedDelay(watch::lookAndGoOn, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
        LOG.info("configuration watched file={}", file);
    }

    /** A thread pool would never call again what has thrown. */
    private void lookAndGoOn() {
        try {
            look();
        } catch (RuntimeException bug) {
            LOG.error("configuration not looked at file={}", file, bug);
        }
    }

    private void look() {
        try {
            var content = Files.readAllBytes(file);
            readable = true;
            boolean isStill = Arrays.equals(content, seen);
            seen = content;
            if (isStill && !Arrays.equals(content, settled) && !reloads.isRollingOut()) {
                settled = content;
                takeUp(content);
            }
        } catch (IOException unreadable) {
            if (readable) {
                LOG.warn("configuration not read file={} why=\"{}\"", file, unreadable.toString());
            }
            readable = false;
        }
    }

    private void takeUp(byte[] content) {
        var runs = reloads.current().generation().text().getBytes(StandardCharsets.UTF_8);
        if (Arrays.equals(content, runs)) {
            return; // It came by the API, which has written it here.
        }
        try {
            reloads.reload(Event.FILE, /* force= */ false);
        } catch (ConfigInvalid | CommandRefused refused) {
            LOG.warn("change of configuration refused file={} why=\"{}\"", file, refused.getMessage());
        }
    }
}
