package drover.admin.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes of what springdoc says of the controllers a document that says what Jackson does with their records: every component
 * is there, and an empty {@link Optional} is null, unless the record leaves it out. Schemas come with the full names of
 * their classes, which say what the components are, and leave with short ones.
 */
final class ApiDocument {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String PROBLEM = """
            {"type":"object","description":"RFC 9457: detail says what is wrong and what to do, instance where",
             "required":["title","status","detail"],
             "properties":{"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},
                           "detail":{"type":"string"},"instance":{"type":"string"}}}""";

    private final ObjectNode document;

    private ApiDocument(ObjectNode document) {
        this.document = document;
    }

    /** As it is committed, from what springdoc says. */
    static String of(byte[] springdoc) {
        var document = new ApiDocument((ObjectNode) JSON.readTree(springdoc));
        document.complete();
        return document.withShortNames() + "\n";
    }

    private void complete() {
        document.remove("servers");
        ((ObjectNode) document.path("info")).put("title", "Drover").put("version", "v1");
        var schemas = (ObjectNode) document.path("components").path("schemas");
        schemas.remove("org.springframework.web.servlet.mvc.method.annotation.SseEmitter");
        schemas.forEachEntry((name, schema) -> describe(name, (ObjectNode) schema));
        schemas.set("Problem", JSON.readTree(PROBLEM));
        document.path("paths")
                .forEachEntry((path, methods) ->
                        methods.forEachEntry((method, operation) -> answers(method, (ObjectNode) operation)));
    }

    // ---- records

    private static void describe(String name, ObjectNode schema) {
        try {
            var type = ClassUtils.forName(name, ApiDocument.class.getClassLoader());
            if (type.isRecord()) {
                var required = new ArrayList<String>();
                components(type, schema, required);
                schema.set("required", JSON.valueToTree(required));
            }
        } catch (ClassNotFoundException notOurs) {
            throw new IllegalStateException(notOurs);
        }
    }

    private static void components(Class<?> type, ObjectNode schema, List<String> required) {
        boolean leavesOut = Optional.ofNullable(type.getAnnotation(JsonInclude.class))
                .filter(how -> how.value() == JsonInclude.Include.NON_EMPTY)
                .isPresent();
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
                components(component.getType(), schema, required);
                continue;
            }
            var property = schema.path("properties").path(component.getName());
            boolean optional = component.getType() == Optional.class;
            if (property.isMissingNode() || (optional && leavesOut)) {
                continue;
            }
            required.add(component.getName());
            if (optional) {
                ((ObjectNode) schema.path("properties")).set(component.getName(), orNull((ObjectNode) property));
            }
        }
    }

    private static JsonNode orNull(ObjectNode schema) {
        if (schema.path("type").isString()) {
            schema.set("type", JSON.createArrayNode().add(schema.path("type")).add("null"));
            if (schema.path("enum") instanceof ArrayNode values) {
                values.addNull();
            }
            return schema;
        }
        return JSON.createObjectNode()
                .set(
                        "anyOf",
                        JSON.createArrayNode()
                                .add(schema)
                                .add(JSON.createObjectNode().put("type", "null")));
    }

    // ---- answers

    private static void answers(String method, ObjectNode operation) {
        operation.remove(List.of("tags", "operationId"));
        var responses = (ObjectNode) operation.path("responses");
        if (!method.equals("get")
                && responses.path("200").toString().contains("drover.admin.supervision.Operation\"")) {
            responses.set("202", ((ObjectNode) responses.remove("200")).put("description", "Accepted"));
        }
        if (responses.path("200").path("content").path("text/event-stream") instanceof ObjectNode stream) {
            stream.set("schema", JSON.createObjectNode().put("type", "string"));
        }
        responses.set("default", JSON.readTree("""
                {"description":"Refused","content":{"application/problem+json":{"schema":{"$ref":"%sProblem"}}}}""".formatted(SCHEMAS)));
    }

    // ---- names

    /** Of several with the same short name all but the last say whose they are. */
    private String withShortNames() {
        var names = new TreeMap<String, String>();
        document.path("components").path("schemas").propertyNames().forEach(name -> names.put(name, shorten(name, 1)));
        for (var name : List.copyOf(names.keySet())) {
            if (names.values().stream().filter(shorten(name, 1)::equals).count() > 1) {
                names.put(name, shorten(name, 2));
            }
        }
        var text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sorted(document, names));
        for (var name : names.entrySet()) {
            text = text.replace(SCHEMAS + name.getKey() + "\"", SCHEMAS + name.getValue() + "\"");
        }
        return text;
    }

    private static ObjectNode sorted(ObjectNode document, Map<String, String> names) {
        var schemas = new TreeMap<String, JsonNode>();
        document.path("components")
                .path("schemas")
                .forEachEntry((name, schema) -> schemas.put(names.get(name), schema));
        ((ObjectNode) document.path("components")).set("schemas", JSON.valueToTree(schemas));
        return document;
    }

    /** The last so many parts of a class's name. */
    private static String shorten(String name, int parts) {
        var all = name.split("[.$]", -1);
        return String.join("", List.of(all).subList(Math.max(0, all.length - parts), all.length));
    }
}
