package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** The least of all: a file that was put there is served, and the farm comes and goes without a trace. */
public final class Serves implements Check {

    @Override
    public String name() {
        return "serves";
    }

    @Override
    public String rows() {
        return "-";
    }

    @Override
    public String promise() {
        return "A farm comes up, serves a file, and leaves nothing behind";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        var farm = stage.farm();
        Files.writeString(farm.sites().resolve("default/hello.txt"), "hello");

        try (var body = farm.site().resolve("/hello.txt").toURL().openStream()) {
            var text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            findings.judge("body", text, "hello", text.equals("hello"));
        }
    }
}
