package drover.admin.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The keys of {@code config/drover.yml} under {@code drover:}, as environment variables {@code DROVER_…}, and as
 * arguments {@code --drover.KEY=VALUE}.
 *
 * @param listen where the site is served, {@code address:port}; port 0 lets the kernel choose
 * @param documentRoot holds one directory for each hostname, and {@code default} for all others
 * @param workers worker processes
 * @param eventLoops event loops in each worker
 * @param fileThreads threads in each worker that may wait for a disk
 * @param fileQueue requests that may wait for a file thread; one more is answered 503
 * @param cacheSize bytes of file content each worker keeps in memory
 * @param keepAliveTimeout how long an idle connection is kept
 * @param drainTimeout how long a draining worker may finish what it has begun
 * @param accessLog file name within the log directory, or {@code off}
 * @param runDirectory sockets, statistics region, process list; wants tmpfs
 * @param stateDirectory users, events, history
 * @param logDirectory logs of all processes
 */
@Validated
@ConfigurationProperties("drover")
public record DroverProperties(
        @NotEmpty List<String> listen,
        Path documentRoot,
        @Min(1) @Max(64) int workers,
        @Min(1) @Max(64) int eventLoops,
        @Min(1) @Max(256) int fileThreads,
        @Min(1) @Max(65_536) int fileQueue,
        DataSize cacheSize,
        Duration keepAliveTimeout,
        Duration drainTimeout,
        @NotBlank String accessLog,
        Path runDirectory,
        Path stateDirectory,
        Path logDirectory,
        @Valid @DefaultValue Admin admin) {

    /**
     * The dashboard, the API and the actuator.
     *
     * @param passwordFile holds the first password of the user {@code admin}; without it a random one is shown once
     */
    public record Admin(
            @NotBlank @DefaultValue("127.0.0.1") String address,
            @Min(0) @Max(65_535) @DefaultValue("9090") int port,
            @NotBlank @DefaultValue("127.0.0.1") String managementAddress,
            @Min(0) @Max(65_535) @DefaultValue("9091") int managementPort,
            Optional<Path> passwordFile) {}
}
