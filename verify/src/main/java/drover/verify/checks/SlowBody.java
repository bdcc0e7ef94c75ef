package drover.verify.checks;

import drover.verify.Check;
import drover.verify.Findings;
import drover.verify.Stage;
import java.util.List;

/** R-U-Dead-Yet: bodies that were announced and never end. */
public final class SlowBody implements Check {

    @Override
    public String name() {
        return "slow-body";
    }

    @Override
    public String rows() {
        return "D4";
    }

    @Override
    public String promise() {
        return "Clients that send a body forever are refused and nobody else notices them";
    }

    @Override
    public void run(Stage stage, Findings findings) throws Exception {
        int connections = stage.size(4000, 400);
        var farm = stage.farm();

        SlowHttp.attack(
                stage,
                findings,
                farm,
                connections,
                SlowHttp.memoryFor(connections),
                List.of(
                        "-B",
                        "-r",
                        Integer.toString(connections / 10),
                        "-i",
                        "5",
                        "-x",
                        "20",
                        "-s",
                        "8192",
                        "-l",
                        Integer.toString(stage.size(60, 20)),
                        "-u",
                        farm.site().toString()));
    }
}
