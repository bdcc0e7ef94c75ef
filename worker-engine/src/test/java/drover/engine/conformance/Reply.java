package drover.engine.conformance;

import java.util.List;
import java.util.Locale;

/** One response as it was received; what is wrong with its form is among its faults. */
record Reply(int code, List<Field> fields, String body, List<String> faults) {

    record Field(String name, String value) {}

    List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    boolean saysClose() {
        return values("Connection").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("close"));
    }
}
