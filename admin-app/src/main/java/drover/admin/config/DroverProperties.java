package drover.admin.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The keys of {@code config/drover.yml} under {@code drover:}, as environment variables {@code DROVER_…}, and as
 * arguments {@code --drover.KEY=VALUE}.
 *
 * @param listen where the site is served; port 0 lets the kernel choose
 * @param documentRoot holds one directory for each hostname, and {@code default} for all others
 * @param workers worker processes; as many as cores is a good start
 * @param eventLoops event loops in each worker
 * @param fileThreads threads in each worker that may wait for a disk
 * @param fileQueue requests that may wait for a file thread; one more is answered 503 with Retry-After
 * @param cacheSize file content that each worker keeps in memory; all else is sent from the kernel's page cache
 * @param keepAliveTimeout how long a connection without a request is kept
 * @param drainTimeout how long a worker that is being replaced may finish what it has begun
 * @param connectionsPerAddress connections that one address may have in all workers together, 0 for any number; an IPv6
 *     address counts as its /64
 * @param accessLog where requests are logged: a file in the log directory, {@code -} for standard output, {@code off} for none
 * @param accessLogFormat of each line
 * @param accessLogRotateSize a new access log is begun before the file is longer, 0 for any length
 * @param accessLogRotateEvery a new access log is begun so often, counted in local time, 0 for never
 * @param accessLogKeep rotated access logs that are kept
 * @param logRotateSize a log of a process is begun anew when it is longer
 * @param logKeep earlier logs that are kept of each process
 * @param runDirectory sockets, process list; wants tmpfs, and is ours alone
 * @param stateDirectory users, tokens, events, history: what must outlive a reboot
 * @param logDirectory logs of all processes
 * @param proxyProtocol who speaks for others by the PROXY protocol
 * @param forwarded who speaks for others by a request field
 * @param statistics what is counted
 * @param sites what is to be said of a site beyond its directory, by name
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
        @Min(0) @Max(100_000) int connectionsPerAddress,
        @Valid @DefaultValue ProxyProtocol proxyProtocol,
        @Valid Forwarded forwarded,
        @NotBlank String accessLog,

        @NotBlank
        @Pattern(regexp = "common|combined|vcombined|json", message = "must be common, combined, vcombined or json")
        String accessLogFormat,

        DataSize accessLogRotateSize,
        Duration accessLogRotateEvery,
        @Min(1) @Max(10_000) int accessLogKeep,
        DataSize logRotateSize,
        @Min(1) @Max(100) int logKeep,
        Path runDirectory,
        Path stateDirectory,
        Path logDirectory,
        @Valid Statistics statistics,
        @Valid Admin admin,
        @DefaultValue Map<String, SiteProperties> sites) {

    public DroverProperties {
        sites = Collections.unmodifiableMap(new LinkedHashMap<>(sites));
    }

    private static final String LISTEN = "([0-9.]+|\\[[0-9a-fA-F:.]+]):\\d{1,5}";

    @AssertTrue(message = "must be ADDRESS:PORT or [ADDRESS]:PORT, at most 16 of them")
    boolean isListenValid() {
        return listen.size() <= 16 && listen.stream().allMatch(address -> address.matches(LISTEN));
    }

    @AssertTrue(message = "must not be negative")
    boolean isCacheSizeValid() {
        return !cacheSize.isNegative();
    }

    @AssertTrue(message = "must be at least 1ms and at most 24d")
    boolean isKeepAliveTimeoutValid() {
        return keepAliveTimeout.toMillis() >= 1 && keepAliveTimeout.compareTo(Duration.ofDays(24)) <= 0;
    }

    @AssertTrue(message = "must not be negative and at most 10m")
    boolean isDrainTimeoutValid() {
        return !drainTimeout.isNegative() && drainTimeout.compareTo(Duration.ofMinutes(10)) <= 0;
    }

    @AssertTrue(message = "must be a file name without slashes, - or off")
    boolean isAccessLogValid() {
        return !accessLog.contains("/");
    }

    @AssertTrue(message = "must be 0 or at least 1MB")
    boolean isAccessLogRotateSizeValid() {
        return accessLogRotateSize.toBytes() == 0 || accessLogRotateSize.toMegabytes() >= 1;
    }

    @AssertTrue(message = "must be at least 64KB")
    boolean isLogRotateSizeValid() {
        return logRotateSize.toKilobytes() >= 64;
    }

    @AssertTrue(message = "must be 0 or at least 1m")
    boolean isAccessLogRotateEveryValid() {
        return accessLogRotateEvery.isZero() || accessLogRotateEvery.toMinutes() >= 1;
    }

    /** The same with every relative path taken from Drover's home. */
    DroverProperties resolvedAgainst(Path home) {
        return new DroverProperties(
                listen,
                resolve(home, documentRoot),
                workers,
                eventLoops,
                fileThreads,
                fileQueue,
                cacheSize,
                keepAliveTimeout,
                drainTimeout,
                connectionsPerAddress,
                proxyProtocol,
                forwarded,
                accessLog,
                accessLogFormat,
                accessLogRotateSize,
                accessLogRotateEvery,
                accessLogKeep,
                logRotateSize,
                logKeep,
                resolve(home, runDirectory),
                resolve(home, stateDirectory),
                resolve(home, logDirectory),
                statistics,
                new Admin(
                        admin.address(),
                        admin.port(),
                        admin.managementAddress(),
                        admin.managementPort(),
                        admin.passwordFile()
                                .filter(path -> !path.toString().isEmpty())
                                .map(path -> resolve(home, path)),
                        admin.allowedHosts(),
                        new Tls(
                                admin.tls().certificate().map(path -> resolve(home, path)),
                                admin.tls().key().map(path -> resolve(home, path))),
                        admin.oidc().resolvedAgainst(home),
                        admin.allowPlainHttp(),
                        admin.trustedProxies(),
                        admin.reloadOnChange()),
                resolve(home, sites));
    }

    /** The same, but for what the admin that runs was started with and only another one could take. */
    public DroverProperties within(DroverProperties started) {
        return new DroverProperties(
                listen,
                documentRoot,
                workers,
                started.eventLoops,
                fileThreads,
                fileQueue,
                cacheSize,
                keepAliveTimeout,
                drainTimeout,
                connectionsPerAddress,
                proxyProtocol,
                forwarded,
                accessLog,
                accessLogFormat,
                accessLogRotateSize,
                accessLogRotateEvery,
                accessLogKeep,
                started.logRotateSize,
                started.logKeep,
                started.runDirectory,
                started.stateDirectory,
                started.logDirectory,
                started.statistics,
                started.admin,
                sites);
    }

    private static Map<String, SiteProperties> resolve(Path home, Map<String, SiteProperties> sites) {
        var resolved = new LinkedHashMap<String, SiteProperties>();
        sites.forEach((name, site) -> resolved.put(name, site.resolvedAgainst(home)));
        return resolved;
    }

    private static Path resolve(Path home, Path path) {
        return home.resolve(path).toAbsolutePath().normalize();
    }

    /** The file in which requests are logged, if it is one. */
    public Optional<Path> accessLogFile() {
        return accessLog.equals("off") || isAccessLogToStandardOutput()
                ? Optional.empty()
                : Optional.of(logDirectory.resolve(accessLog));
    }

    /** Whether workers log requests to the standard output of admin. */
    public boolean isAccessLogToStandardOutput() {
        return accessLog.equals("-");
    }

    /**
     * Proxies that say whom they speak for when they connect.
     *
     * @param trusted load balancers that speak the PROXY protocol, and must; others are served as themselves
     */
    public record ProxyProtocol(@DefaultValue List<AddressBlock> trusted) {

        public ProxyProtocol {
            trusted = List.copyOf(trusted);
        }
    }

    /**
     * Proxies that say whom they speak for in each request.
     *
     * @param trusted proxies that name the client in a field of the request, which of others is not believed
     * @param header the field that all of them set
     */
    public record Forwarded(
            @DefaultValue List<AddressBlock> trusted,

            @NotBlank @Pattern(regexp = "X-Forwarded-For|Forwarded", message = "must be X-Forwarded-For or Forwarded")
            String header) {

        public Forwarded {
            trusted = List.copyOf(trusted);
        }
    }

    /**
     * What is counted.
     *
     * @param virtualHosts virtual hosts that are counted by name, all others together; each takes 13 KB for each event loop
     * @param requests whether requests are counted by virtual host, timed and recorded; off only to measure what that costs
     */
    public record Statistics(@Min(1) @Max(999) int virtualHosts, boolean requests) {}

    /**
     * The dashboard, the API and the actuator.
     *
     * @param address of the dashboard and the API; one that other machines can reach wants tls or allow-plain-http
     * @param port of the dashboard and the API; 0 lets the kernel choose
     * @param managementAddress of health and metrics, which ask for no login
     * @param managementPort of health and metrics; 0 lets the kernel choose
     * @param passwordFile holds the first password of the user {@code admin}; without it a random one is shown once
     * @param allowedHosts names by which browsers may call the dashboard, beside its address and localhost
     * @param tls what the dashboard speaks TLS with, if it does
     * @param oidc whose users may sign in too
     * @param allowPlainHttp whether the dashboard may be reached from other machines without TLS
     * @param trustedProxies proxies that are believed whom they speak for, in X-Forwarded-For and X-Forwarded-Proto
     * @param reloadOnChange whether a change of the configuration's file is taken up without being told
     */
    public record Admin(
            @NotBlank String address,
            @Min(0) @Max(65_535) int port,
            @NotBlank String managementAddress,
            @Min(0) @Max(65_535) int managementPort,
            Optional<Path> passwordFile,
            @DefaultValue List<String> allowedHosts,
            @Valid @DefaultValue Tls tls,
            @Valid @DefaultValue Oidc oidc,
            boolean allowPlainHttp,
            @DefaultValue List<AddressBlock> trustedProxies,
            boolean reloadOnChange) {

        public Admin {
            allowedHosts = List.copyOf(allowedHosts);
            trustedProxies = List.copyOf(trustedProxies);
        }
    }

    /**
     * Files in PEM, read again when they change; both or none.
     *
     * @param certificate in PEM, behind it those that vouch for it; read again when it changes
     * @param key in PEM, PKCS #8 or PKCS #1, without a passphrase; read again when it changes
     */
    public record Tls(Optional<Path> certificate, Optional<Path> key) {

        public Tls {
            certificate = certificate.filter(path -> !path.toString().isEmpty());
            key = key.filter(path -> !path.toString().isEmpty());
        }

        public boolean isOn() {
            return certificate.isPresent();
        }

        @AssertTrue(message = "must be given together with certificate")
        boolean isKeyValid() {
            return certificate.isPresent() == key.isPresent();
        }
    }
    /**
     * An OpenID provider whose users may sign in too; without an issuer there is none.
     *
     * @param issuer its address, as it names itself in its tokens; https, or http on loopback
     * @param name on the button
     * @param clientId by which the provider knows Drover
     * @param clientSecretFile holds what Drover proves it with
     * @param scopes asked for beside openid
     * @param userClaim names the user
     * @param roleClaim holds what decides on his role: a string or a list of them; dots lead into objects
     * @param admins values of the role claim, any of which makes an admin
     * @param operators values of the role claim, any of which makes an operator
     * @param viewers values of the role claim, any of which makes a viewer
     */
    public record Oidc(
            Optional<URI> issuer,

            @DefaultValue("single sign-on") @NotBlank @Size(max = 40)
            String name,

            Optional<String> clientId,
            Optional<Path> clientSecretFile,
            @DefaultValue("profile") List<String> scopes,
            @DefaultValue("preferred_username") @NotBlank String userClaim,
            @DefaultValue("groups") @NotBlank String roleClaim,
            @DefaultValue List<String> admins,
            @DefaultValue List<String> operators,
            @DefaultValue List<String> viewers) {

        public Oidc {
            issuer = issuer.filter(uri -> !uri.toString().isEmpty());
            clientId = clientId.filter(id -> !id.isEmpty());
            clientSecretFile = clientSecretFile.filter(path -> !path.toString().isEmpty());
            scopes = List.copyOf(scopes);
            admins = List.copyOf(admins);
            operators = List.copyOf(operators);
            viewers = List.copyOf(viewers);
        }

        @AssertTrue(message = "must be an address that begins with https://; http:// will do on loopback")
        boolean isIssuerValid() {
            return issuer.stream()
                    .allMatch(uri -> uri.getHost() != null
                            && uri.getQuery() == null
                            && uri.getFragment() == null
                            && ("https".equals(uri.getScheme())
                                    || ("http".equals(uri.getScheme()) && isLoopback(uri))));
        }

        private static boolean isLoopback(URI uri) {
            return uri.getHost().matches("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
        }

        @AssertTrue(message = "must be given together with issuer")
        boolean isClientIdValid() {
            return issuer.isPresent() == clientId.isPresent();
        }

        @AssertTrue(message = "must be given together with issuer")
        boolean isClientSecretFileValid() {
            return issuer.isPresent() == clientSecretFile.isPresent();
        }

        @AssertTrue(message = "must not be empty, or else operators or viewers: nobody could sign in by the issuer")
        boolean isAdminsValid() {
            return issuer.isEmpty() || !admins.isEmpty() || !operators.isEmpty() || !viewers.isEmpty();
        }

        private Oidc resolvedAgainst(Path home) {
            return new Oidc(
                    issuer,
                    name,
                    clientId,
                    clientSecretFile.map(path -> resolve(home, path)),
                    scopes,
                    userClaim,
                    roleClaim,
                    admins,
                    operators,
                    viewers);
        }
    }
}
