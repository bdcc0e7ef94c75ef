package drover.verify;

import drover.verify.checks.ColdDisk;
import drover.verify.checks.CounterReads;
import drover.verify.checks.Dashboards;
import drover.verify.checks.Descriptors;
import drover.verify.checks.FailingLoop;
import drover.verify.checks.HeaderFlood;
import drover.verify.checks.Idle;
import drover.verify.checks.KillAdmin;
import drover.verify.checks.KillMaster;
import drover.verify.checks.KillWorker;
import drover.verify.checks.Leaks;
import drover.verify.checks.LogDiskFull;
import drover.verify.checks.LogInjection;
import drover.verify.checks.Memory;
import drover.verify.checks.Percentiles;
import drover.verify.checks.PrometheusScrapes;
import drover.verify.checks.Ranges;
import drover.verify.checks.RegionLoss;
import drover.verify.checks.Rename;
import drover.verify.checks.Restart;
import drover.verify.checks.Rotation;
import drover.verify.checks.Scale;
import drover.verify.checks.Serves;
import drover.verify.checks.Sigterm;
import drover.verify.checks.SlowBody;
import drover.verify.checks.SlowHead;
import drover.verify.checks.SlowRead;
import drover.verify.checks.StatisticsCost;
import drover.verify.checks.StopWorker;
import drover.verify.checks.SymlinkFlipper;
import drover.verify.checks.Traversal;
import drover.verify.checks.Truncation;
import drover.verify.differential.Differential;
import drover.verify.fuzz.FuzzCheck;
import drover.verify.fuzz.Mutated;
import java.util.List;
import java.util.stream.Stream;

/** All checks, in the order in which they run. */
final class Checks {

    private Checks() {}

    static List<Check> all() {
        List<Check> promises = List.of(
                new Serves(),
                new SlowHead(),
                new SlowBody(),
                new SlowRead(),
                new Ranges(),
                new SymlinkFlipper(),
                new Rename(),
                new Truncation(),
                new Rotation(),
                new LogDiskFull(),
                new ColdDisk(),
                new Idle(),
                new HeaderFlood(),
                new Traversal(),
                new Descriptors(),
                new LogInjection(),
                new Memory(),
                new Restart(),
                new KillWorker(),
                new StopWorker(),
                new FailingLoop(),
                new KillMaster(),
                new KillAdmin(),
                new Scale(),
                new Sigterm(),
                new Leaks(),
                new RegionLoss(),
                new CounterReads(),
                new Percentiles(),
                new PrometheusScrapes(),
                new StatisticsCost(),
                new Dashboards());
        return Stream.of(promises, FuzzCheck.all(), List.of(new Mutated(), new Differential()))
                .<Check>flatMap(List::stream)
                .toList();
    }
}
