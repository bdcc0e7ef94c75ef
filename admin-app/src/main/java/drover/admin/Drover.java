package drover.admin;

import drover.admin.config.ConfigCheck;
import drover.admin.config.ConfigInvalid;
import drover.admin.config.ConfigLoader;
import drover.admin.config.Configurations;
import drover.admin.config.DroverProperties;
import drover.admin.crashes.CrashFiles;
import drover.admin.crashes.CrashReporter;
import drover.admin.crashes.LastMinute;
import drover.admin.events.Journal;
import drover.admin.logs.LogFiles;
import drover.admin.shared.Console;
import drover.admin.shared.StartRefused;
import drover.admin.shared.Version;
import drover.admin.supervision.ConfigWatch;
import drover.admin.supervision.Farm;
import drover.admin.supervision.Reloads;
import drover.admin.supervision.RunDirectory;
import drover.admin.supervision.SlotState;
import drover.admin.supervision.Supervisor;
import drover.engine.stats.RegionLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;

/** {@code drover up}: reads the configuration, looks whether it can start, and runs the admin app until it is told to stop. */
@SpringBootApplication
public class Drover {

    private static final long STARTED_NANOS = System.nanoTime();

    /** Held until the process ends. A channel that nobody refers to is closed by the collector, and its lock is gone. */
    @SuppressWarnings("UnusedVariable")
    private static Optional<FileChannel> lock = Optional.empty();

    /** Runs until SIGINT or SIGTERM. Exit codes: 130 or 143 stopped by them; 1 failed; 2 bad configuration; 3 already running. */
    public static void main(String... arguments) {
        try {
            run(arguments);
        } catch (ConfigInvalid invalid) {
            leave(StartRefused.EXIT_CONFIG, String.valueOf(invalid.getMessage()));
        } catch (StartRefused refused) {
            leave(refused.exitCode(), String.valueOf(refused.getMessage()));
        }
    }

    private static void run(String... arguments) {
        var home = home();
        var loader = new ConfigLoader(home, System.getenv());
        var loaded = ConfigCheck.checked(loader.load(List.of(arguments)));
        var properties = loaded.properties();
        Preflight.check(properties);
        var directory = new RunDirectory(properties.runDirectory());
        directory.create();
        lock = Optional.of(directory.lock());
        System.setProperty(
                "drover.log", properties.logDirectory().resolve("admin.log").toString());
        System.setProperty(
                "drover.log.size", Long.toString(properties.logRotateSize().toBytes()));
        System.setProperty("drover.log.keep", Integer.toString(properties.logKeep()));
        SignalOrders.ignoreUntilReady();
        Console.say("Drover " + Version.CURRENT + " starts with " + loaded.file());
        try {
            application(new Configurations(loader, List.of(arguments), loaded)).run();
        } catch (RuntimeException failure) {
            directory.leave();
            throw explained(failure, properties);
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("drover.home", "")).toAbsolutePath();
    }

    private static SpringApplication application(Configurations configurations) {
        var properties = configurations.started().properties();
        var application = new SpringApplication(Drover.class);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.addInitializers((ApplicationContextInitializer<GenericApplicationContext>) context -> {
            // Before the environment, where Spring would take SERVER_ADDRESS or the like for an order of the
            // operator's.
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("drover.yml", WebServers.of(properties.admin())));
            context.registerBean(Configurations.class, () -> configurations);
            context.registerBean(DroverProperties.class, () -> properties);
        });
        return application;
    }

    /** One line for the terminal; the trace is in the log. */
    private static StartRefused explained(RuntimeException failure, DroverProperties properties) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof StartRefused)) {
            cause = cause.getCause();
        }
        if (cause instanceof StartRefused refused) {
            return refused;
        }
        return new StartRefused(
                StartRefused.EXIT_FAILED,
                cause.getMessage() + " (" + properties.logDirectory().resolve("admin.log") + " has the details)");
    }

    private static void leave(int exitCode, String why) {
        Console.complain(why);
        System.exit(exitCode);
    }

    @Bean
    Journal journal(DroverProperties properties) {
        return Journal.of(properties);
    }

    @Bean
    CrashFiles crashFiles(DroverProperties properties) {
        return CrashFiles.of(properties);
    }

    @Bean
    LastMinute lastMinute() {
        return new LastMinute();
    }

    @Bean
    CrashReporter crashReporter(CrashFiles files, LastMinute lastMinute) {
        return new CrashReporter(files, lastMinute);
    }

    @Bean
    Supervisor supervisor(Configurations configurations, Journal journal, CrashReporter crashes) {
        var distribution = Path.of(System.getProperty(
                "drover.distribution", home().resolve("target/dist").toString()));
        return new Supervisor(configurations, distribution.toAbsolutePath(), journal, crashes);
    }

    @Bean
    Reloads reloads(Configurations configurations, Supervisor supervisor, Journal journal) {
        return new Reloads(configurations, supervisor.releases(), supervisor, journal);
    }

    @Bean
    LogFiles logFiles(Reloads reloads) {
        return new LogFiles(reloads::properties);
    }

    @Bean
    ServiceManager serviceManager(Supervisor supervisor, Reloads reloads) {
        return ServiceManager.of(supervisor, () -> reloads.properties().drainTimeout());
    }

    @EventListener
    void takeUpWhatHasChanged(ApplicationReadyEvent event) {
        var context = event.getApplicationContext();
        var reloads = context.getBean(Reloads.class);
        reloads.takeUpFile();
        if (context.getBean(DroverProperties.class).admin().reloadOnChange()) {
            var started = context.getBean(Configurations.class).started();
            ConfigWatch.begin(started.file(), started.text(), reloads);
        }
    }

    @EventListener
    @Order(0)
    void obeySignals(ApplicationReadyEvent event) {
        var context = event.getApplicationContext();
        SignalOrders.obey(
                context.getBean(Supervisor.class), context.getBean(Reloads.class), context.getBean(Journal.class));
    }

    @EventListener
    @Order(1)
    void sayWhereEverythingIs(ApplicationReadyEvent event) {
        var context = event.getApplicationContext();
        var farm = context.getBean(Farm.class);
        var admin = context.getBean(DroverProperties.class).admin();
        long up = farm.slots().stream()
                .filter(slot -> slot.state() == SlotState.UP)
                .count();
        var seconds = Duration.ofNanos(System.nanoTime() - STARTED_NANOS).toMillis() / 1000.0;
        farm.master().listening().forEach(address -> Console.say("  site       http://" + address + "/"));
        Console.say("  dashboard  "
                + url(admin.tls().isOn() ? "https" : "http", admin.address(), event, "local.server.port", "/"));
        Console.say("  metrics    "
                + url("http", admin.managementAddress(), event, "local.management.port", "/actuator/prometheus"));
        Console.say("  statistics " + statistics(farm.region().layout(), farm.wantedWorkers()));
        Console.say("%d of %d workers up after %.1f s; Ctrl+C stops".formatted(up, farm.wantedWorkers(), seconds));
    }

    /** What the shared memory of the statistics takes at most, in which every process of the farm counts. */
    private static String statistics(RegionLayout layout, int workers) {
        double worker = layout.slotSize() / 1e6;
        return String.format(
                Locale.ROOT,
                "%.1f MB of shared memory, %.1f MB a worker, with %d virtual hosts",
                worker * workers,
                worker,
                layout.vhosts() - 1);
    }

    private static String url(
            String scheme, String address, ApplicationReadyEvent event, String portProperty, String path) {
        var port = event.getApplicationContext().getEnvironment().getProperty(portProperty);
        return scheme + "://" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port + path;
    }
}
