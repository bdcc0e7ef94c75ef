package drover.verify.checks;

import drover.engine.stats.Counter;
import drover.engine.stats.Region;
import drover.engine.stats.RegionLayout;
import drover.engine.stats.Seat;
import drover.engine.stats.Section;
import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import drover.verify.farm.FarmFailed;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** One process counts as a worker does, others read what it counts: a C program, and this one. */
public final class CounterReads implements Check {

    private static final long STEP = 0x0000_0001_0000_0001L;
    private static final int LOOPS = 1;

    @Override
    public String name() {
        return "counter-reads";
    }

    @Override
    public String rows() {
        return "T1";
    }

    @Override
    public String promise() {
        return "Whoever reads a counter while it is written sees a number that was there, and never an earlier one again";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        long reads = stage.size(1_000_000_000, 10_000_000);
        var file = stage.directory().resolve("region");
        var region = Region.create(file, new RegionLayout(LOOPS, 1));
        region.reserve(1);
        var reader = reader(stage);
        var writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString())
                .redirectError(Redirect.INHERIT)
                .start();
        stage.own(writer::destroyForcibly);

        judge(findings, "C", reads, inC(reader, file, reads));
        judge(findings, "Java", reads, inJava(file, reads));
        if (!writer.isAlive()) {
            throw new FarmFailed("the writer has ended");
        }
    }

    private static Path reader(Stage stage) throws IOException, InterruptedException {
        var engine = stage.home().resolve("worker-engine/src/main/c");
        var program = stage.directory().resolve("counter_reader");
        stage.run(List.of(
                "cc",
                "-O2",
                "-std=c17",
                "-D_GNU_SOURCE",
                "-I" + engine,
                "-o",
                program.toString(),
                stage.home().resolve("verify/src/main/c/counter_reader.c").toString(),
                engine.resolve("region.c").toString()));
        return program;
    }

    private record Seen(long reads, long torn, long decreasing, long last) {}

    private static void judge(Findings findings, String who, long reads, Seen seen) {
        findings.exactly(who + ": reads", seen.reads(), reads);
        findings.exactly(who + ": numbers of two halves that differ", seen.torn(), 0);
        findings.exactly(who + ": numbers that went back", seen.decreasing(), 0);
        findings.atLeast(who + ": numbers written meanwhile", seen.last() / STEP, 1000);
    }

    private static Seen inC(Path reader, Path region, long reads) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        reader.toString(), region.toString(), Integer.toString(LOOPS), Long.toString(reads))
                .redirectError(Redirect.INHERIT)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .strip()
                .split(" ", -1);
        if (process.waitFor() != 0 || said.length != 4) {
            throw new IOException("the reader ended with " + process.exitValue());
        }
        return new Seen(
                Long.parseLong(said[0]),
                Long.parseLong(said[1]),
                Long.parseLong(said[2]),
                Long.parseUnsignedLong(said[3]));
    }

    private static Seen inJava(Path file, long reads) throws IOException {
        var section = section(Region.openToRead(file));
        long torn = 0;
        long decreasing = 0;
        long last = 0;
        for (long i = 0; i < reads; i++) {
            long value = section.get(Counter.REQUESTS_2XX);
            torn += value >>> 32 == (value & 0xffff_ffffL) ? 0 : 1;
            decreasing += value < last ? 1 : 0;
            last = value;
        }
        return new Seen(reads, torn, decreasing, last);
    }

    private static Section section(Region region) {
        return region.section(region.layout().loopSection(1, 0, 0));
    }

    /** Counts as a worker's loop does, until it is killed. */
    static final class Writer {

        private Writer() {}

        @SuppressWarnings("InfiniteLoopStatement")
        public static void main(String... arguments) throws IOException {
            var region = Region.openToWrite(Path.of(arguments[0]));
            var counting = Seat.take(
                            region,
                            1,
                            0,
                            ProcessHandle.current().pid(),
                            System.currentTimeMillis(),
                            /* meters= */ false)
                    .loops()
                    .getFirst()
                    .section();
            while (true) {
                counting.add(Counter.REQUESTS_2XX, STEP);
            }
        }
    }
}
