package drover.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                                                | true
            application/json, text/plain, */*                               | true
            APPLICATION/JSON;charset=utf-8                                  | true
            application/*                                                   | true
            text/html;q=0.5, application/json;q=0.6                         | true
            */*;q=0.1, application/json                                     | true
            text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | false
            */*                                                             | false
            ''                                                              | false
            text/html, application/json                                     | false
            application/json;q=0                                            | false
            application/json;q=0, */*;q=0.1                                 | false
            application/json;q=x                                            | false
            text/*, application/json;q=0.9                                  | false
            ;;,,                                                            | false
            """)
    void json_is_sent_to_who_prefers_it(String value, boolean json) {
        assertThat(Accept.prefersJson(value)).isEqualTo(json);
    }
}
