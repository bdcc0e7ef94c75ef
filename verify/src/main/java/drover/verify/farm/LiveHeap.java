package drover.verify.farm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What is left of a JVM's heap after a full collection, counted object by object by its own jcmd. */
public final class LiveHeap {

    private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)$", Pattern.MULTILINE);

    private LiveHeap() {}

    public static long bytes(long pid) throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home", ""), "bin", "jcmd");
        var process = new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var total = TOTAL.matcher(said);
        if (process.waitFor() != 0 || !total.find()) {
            throw new IOException("jcmd does not know the heap of process " + pid + ": " + said);
        }
        return Long.parseLong(total.group(1));
    }
}
