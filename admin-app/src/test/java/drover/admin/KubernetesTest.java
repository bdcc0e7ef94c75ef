package drover.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import drover.admin.config.ConfigLoader;
import drover.admin.config.DroverProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What docs/kubernetes.md promises, found in the manifests, and that they and the image are of one mind. */
class KubernetesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path CONFIG = Path.of("../config");
    private static final Path BASE = CONFIG.resolve("kubernetes/base");
    private static final Path MONITORING = CONFIG.resolve("kubernetes/monitoring");
    private static final Path RULES = MONITORING.resolve("prometheus-rule.yaml");
    private static final String DOCKERFILE = read(Path.of("../Dockerfile"));

    private static final String RULES_BEGIN = """
            # Made of config/prometheus/alerts.yml and fleet.yml by KubernetesTest: change those.
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: drover
              labels:
                app.kubernetes.io/name: drover
            spec:
              groups:
            """;

    @TempDir
    private Path home = Path.of("");

    private final JsonNode deployment = document(BASE.resolve("deployment.yaml"));
    private final JsonNode pod = deployment.at("/spec/template/spec");
    private final JsonNode container = pod.at("/containers/0");

    // ---- who it runs as

    @Test
    void the_pod_is_nobody_and_may_nothing() {
        var uid = matched(DOCKERFILE, "useradd --system --uid (\\d+)");

        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(pod.at("/securityContext/runAsUser").asString()).isEqualTo(uid);
        assertThat(pod.at("/securityContext/fsGroup").asString()).isEqualTo(uid);
        assertThat(pod.at("/securityContext/seccompProfile/type").asString()).isEqualTo("RuntimeDefault");
        assertThat(pod.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
        assertMayNothing(container);
    }

    private static void assertMayNothing(JsonNode container) {
        var context = container.path("securityContext");
        assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(context.path("readOnlyRootFilesystem").asBoolean(false)).isTrue();
        assertThat(context.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
        assertThat(context.at("/capabilities/add").isMissingNode()).isTrue();
    }

    // ---- what it writes to, what it reads

    @Test
    void whatever_is_written_lies_on_a_volume_and_what_is_shared_in_memory() throws IOException {
        var properties = properties(BASE.resolve("drover.yml"));

        assertThat(volumeOf(properties.runDirectory()).at("/emptyDir/medium").asString())
                .isEqualTo("Memory");
        for (var written : List.of(properties.stateDirectory(), properties.logDirectory(), Path.of("/tmp"))) {
            assertThat(volumeOf(written).path("emptyDir").isObject())
                    .as(written.toString())
                    .isTrue();
        }
        // Admin makes its run directory for itself alone, which it cannot with the volume's own, which is root's.
        assertThat(mountOf(properties.runDirectory()).path("mountPath").asString())
                .isNotEqualTo(properties.runDirectory().toString());
    }

    @Test
    void the_configuration_is_a_directory_whose_change_is_taken_up() throws IOException {
        var mount = mountOf(Path.of("/opt/drover/config/drover.yml"));

        assertThat(mount.path("name").asString()).isEqualTo("config");
        assertThat(mount.has("subPath")).isFalse();
        assertThat(mount.path("readOnly").asBoolean()).isTrue();
        assertThat(volume("config").at("/configMap/name").asString()).isEqualTo("drover-config");
        assertThat(properties(BASE.resolve("drover.yml")).admin().reloadOnChange())
                .isTrue();
        var kustomization = document(BASE.resolve("kustomization.yaml"));
        assertThat(kustomization.at("/configMapGenerator/0/name").asString()).isEqualTo("drover-config");
        assertThat(kustomization.at("/configMapGenerator/0/files/0").asString()).isEqualTo("drover.yml");
        assertThat(kustomization.at("/generatorOptions/disableNameSuffixHash").asBoolean())
                .isTrue();
    }

    private JsonNode mountOf(Path path) {
        return stream(container.path("volumeMounts"))
                .filter(mount -> path.startsWith(mount.path("mountPath").asString()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is mounted at " + path));
    }

    private JsonNode volumeOf(Path path) {
        return volume(mountOf(path).path("name").asString());
    }

    private JsonNode volume(String name) {
        return stream(pod.path("volumes"))
                .filter(volume -> volume.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    // ---- how it comes and goes

    @Test
    void probes_ask_workers_whether_they_serve_and_admin_whether_it_lives() {
        assertProbe("startupProbe", "/actuator/health", 9091);
        assertProbe("readinessProbe", "/readyz", 8080);
        assertProbe("livenessProbe", "/actuator/health/liveness", 9091);
        var startup = container.path("startupProbe");
        assertThat(startup.path("periodSeconds").asInt()
                        * startup.path("failureThreshold").asInt())
                .isGreaterThanOrEqualTo(60);
        var liveness = container.path("livenessProbe");
        // The container itself starts another admin, which takes some seconds.
        assertThat(liveness.path("periodSeconds").asInt()
                        * liveness.path("failureThreshold").asInt())
                .isGreaterThanOrEqualTo(30);
    }

    private void assertProbe(String name, String path, int port) {
        var http = container.path(name).path("httpGet");
        assertThat(http.path("path").asString()).isEqualTo(path);
        assertThat(port(http.path("port").asString())).isEqualTo(port);
        assertThat(DOCKERFILE).containsPattern("EXPOSE .*\\b" + port + "\\b");
    }

    private int port(String name) {
        return stream(container.path("ports"))
                .filter(port -> port.path("name").asString().equals(name))
                .map(port -> port.path("containerPort").asInt())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_grace_period_is_longer_than_what_has_to_be_finished() throws IOException {
        long preStop =
                Long.parseLong(container.at("/lifecycle/preStop/exec/command/1").asString());
        long drain = properties(BASE.resolve("drover.yml")).drainTimeout().toSeconds();

        assertThat(preStop).isBetween(1L, 30L);
        assertThat(pod.path("terminationGracePeriodSeconds").asLong()).isGreaterThanOrEqualTo(preStop + drain + 10);
        assertThat(deployment.at("/spec/strategy/rollingUpdate/maxUnavailable").asInt(-1))
                .isZero();
        assertThat(stream(pod.path("topologySpreadConstraints"))
                        .map(one -> one.path("topologyKey").asString()))
                .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
    }

    @Test
    void everything_is_about_the_same_pods() {
        var labels = Map.of("app.kubernetes.io/name", "drover");
        var service = document(BASE.resolve("service.yaml"));
        var budget = document(BASE.resolve("disruption-budget.yaml"));
        var monitor = document(MONITORING.resolve("pod-monitor.yaml"));
        var autoscaler = document(BASE.resolve("autoscaler.yaml"));

        assertThat(labels(deployment.at("/spec/template/metadata/labels"))).isEqualTo(labels);
        assertThat(labels(deployment.at("/spec/selector/matchLabels"))).isEqualTo(labels);
        assertThat(labels(service.at("/spec/selector"))).isEqualTo(labels);
        assertThat(labels(budget.at("/spec/selector/matchLabels"))).isEqualTo(labels);
        assertThat(labels(monitor.at("/spec/selector/matchLabels"))).isEqualTo(labels);
        stream(pod.path("topologySpreadConstraints"))
                .forEach(one ->
                        assertThat(labels(one.at("/labelSelector/matchLabels"))).isEqualTo(labels));
        assertThat(port(service.at("/spec/ports/0/targetPort").asString())).isEqualTo(8080);
        assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
        assertThat(autoscaler.at("/spec/scaleTargetRef/kind").asString()).isEqualTo("Deployment");
        assertThat(autoscaler.at("/spec/scaleTargetRef/name").asString())
                .isEqualTo(deployment.at("/metadata/name").asString());
        assertThat(stream(autoscaler.at("/spec/metrics"))
                        .map(metric -> metric.at("/resource/name").asString("")
                                + metric.at("/pods/metric/name").asString("")))
                .containsExactly("cpu", "drover_http_requests_per_second");
        assertThat(deployment.at("/spec/replicas").isMissingNode())
                .as("applying again must not undo the autoscaler")
                .isTrue();
    }

    private static Map<String, String> labels(JsonNode node) {
        var labels = new HashMap<String, String>();
        node.forEachEntry((name, value) -> labels.put(name, value.asString()));
        return labels;
    }

    // ---- who watches it

    @Test
    void prometheus_finds_what_alerts_and_dashboard_count_on() {
        var endpoint =
                document(MONITORING.resolve("pod-monitor.yaml")).path("spec").at("/podMetricsEndpoints/0");

        assertThat(document(MONITORING.resolve("pod-monitor.yaml"))
                        .at("/spec/jobLabel")
                        .asString())
                .isEqualTo("app.kubernetes.io/name");
        assertThat(port(endpoint.path("port").asString())).isEqualTo(9091);
        assertThat(endpoint.path("path").asString()).isEqualTo("/actuator/prometheus");
        assertThat(endpoint.at("/relabelings/0/targetLabel").asString()).isEqualTo("instance");
    }

    /** When an alert has changed this writes the file anew and fails once, so that it is committed. */
    @Test
    void the_rules_are_those_of_config_prometheus() throws IOException {
        var wanted = new StringBuilder(RULES_BEGIN);
        for (var name : List.of("alerts.yml", "fleet.yml")) {
            var text = read(CONFIG.resolve("prometheus").resolve(name));
            text.substring(text.indexOf("groups:\n") + "groups:\n".length())
                    .lines()
                    .map(line -> (line.isBlank() ? line : "  " + line) + "\n")
                    .forEach(wanted::append);
        }
        var there = read(RULES);

        if (!there.contentEquals(wanted)) {
            Files.writeString(RULES, wanted);
        }

        assertThat(there).as(RULES + " was made anew; commit it").isEqualTo(wanted.toString());
        assertThat(document(RULES).at("/spec/groups").size()).isEqualTo(2);
    }

    // ---- as kubectl renders it

    @Test
    void the_example_renders_and_keeps_the_promises() throws Exception {
        var rendered = render(CONFIG.resolve("kubernetes/overlays/example"));

        assertThat(rendered.stream().map(one -> one.path("kind").asString()))
                .containsExactlyInAnyOrder(
                        "Namespace",
                        "ConfigMap",
                        "Service",
                        "Deployment",
                        "PodDisruptionBudget",
                        "HorizontalPodAutoscaler",
                        "PodMonitor",
                        "PrometheusRule");
        var spec = one(rendered, "Deployment").at("/spec/template/spec");
        assertMayNothing(spec.at("/containers/0"));
        assertMayNothing(spec.at("/initContainers/0"));
        assertMountsHaveVolumes(spec);
        assertThat(spec.at("/containers/0/image").asString()).isEqualTo("registry.example.org/drover:0.1.0");
        var config = one(rendered, "ConfigMap");
        assertThat(config.at("/metadata/name").asString()).isEqualTo("drover-config");
        var file = Files.writeString(
                home.resolve("drover.yml"), config.at("/data/drover.yml").asString());
        assertThat(properties(file).sites()).containsOnlyKeys("shop");
        assertThat(spec.path("terminationGracePeriodSeconds").asLong())
                .isGreaterThan(properties(file).drainTimeout().toSeconds() + 10);
    }

    @Test
    void content_comes_in_three_ways() throws Exception {
        for (var way : List.of("init-container", "claim", "image")) {
            var overlay = Files.createDirectories(home.resolve(way).resolve("overlay"));
            copy(BASE, home.resolve(way).resolve("base"));
            copy(
                    CONFIG.resolve("kubernetes/content").resolve(way),
                    home.resolve(way).resolve("content"));
            Files.writeString(
                    overlay.resolve("kustomization.yaml"), "resources: [../base]\ncomponents: [../content]\n");

            var spec = one(render(overlay), "Deployment").at("/spec/template/spec");

            assertMountsHaveVolumes(spec);
            var mount = stream(spec.at("/containers/0/volumeMounts"))
                    .filter(one -> one.path("name").asString().equals("content"))
                    .findFirst()
                    .orElseThrow();
            assertThat(mount.path("mountPath").asString()).as(way).isEqualTo("/srv/sites");
            assertThat(mount.path("readOnly").asBoolean()).as(way).isTrue();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void assertMountsHaveVolumes(JsonNode spec) {
        var volumes = new TreeSet<String>();
        spec.path("volumes").forEach(volume -> volumes.add(volume.path("name").asString()));
        var mounted = new TreeSet<String>();
        Stream.concat(stream(spec.path("containers")), stream(spec.path("initContainers")))
                .flatMap(one -> stream(one.path("volumeMounts")))
                .forEach(mount -> mounted.add(mount.path("name").asString()));
        assertThat(mounted).isEqualTo(volumes);
    }

    private static JsonNode one(List<JsonNode> documents, String kind) {
        return documents.stream()
                .filter(document -> document.path("kind").asString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private List<JsonNode> render(Path directory) throws IOException, InterruptedException {
        if (!canKubectl()) {
            abort("kubectl is not here, so what it would render is not looked at");
        }
        var output = home.resolve("rendered.yaml");
        var errors = home.resolve("errors");
        var kubectl = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(kubectl.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(kubectl.exitValue()).as(read(errors)).isZero();
        return documents(read(output));
    }

    private static boolean canKubectl() {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
    }

    // ---- reading

    /** What the image, the deployment and a configuration come to together. */
    private DroverProperties properties(Path file) throws IOException {
        var environment = new HashMap<String, String>();
        Pattern.compile("(DROVER_[A-Z_]+)=(\\S+)")
                .matcher(DOCKERFILE.substring(DOCKERFILE.indexOf("ENV DROVER_")))
                .results()
                .forEach(variable -> environment.put(variable.group(1), variable.group(2)));
        container
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asString(), variable.path("value").asString()));
        return new ConfigLoader(home, environment)
                .load(List.of("--config", file.toString()))
                .properties();
    }

    private static String matched(String text, String pattern) {
        var found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    private static JsonNode document(Path file) {
        return documents(read(file)).getFirst();
    }

    private static List<JsonNode> documents(String yaml) {
        var documents = new ArrayList<JsonNode>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(yaml)
                .forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException missing) {
            throw new AssertionError("cannot read " + file, missing);
        }
    }
}
