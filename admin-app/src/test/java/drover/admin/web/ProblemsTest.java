package drover.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.ServletWebRequest;

class ProblemsTest {

    private final Problems problems = new Problems();
    private final MockHttpServletResponse response = new MockHttpServletResponse();
    private final ServletWebRequest request = new ServletWebRequest(new MockHttpServletRequest(), response);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger().setLevel(Level.INFO);
        logger().addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger().detachAppender(log);
        logger().setLevel(null);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Problems.class);
    }

    @Test
    void a_client_that_goes_away_in_the_middle_of_its_answer_is_no_warning() throws Exception {
        response.setCommitted(true);

        var answer = problems.handleException(
                new HttpMessageNotWritableException("Could not write JSON", new IOException("Broken pipe")), request);

        assertThat(answer).isNull();
        assertThat(log.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.INFO));
    }

    @Test
    void an_answer_that_could_not_be_made_is_one() throws Exception {
        response.setCommitted(true);

        problems.handleException(
                new HttpMessageNotWritableException("Could not write JSON", new IOException("no such field")), request);

        assertThat(log.list).anyMatch(event -> event.getLevel().equals(Level.WARN));
    }

    @Test
    void a_bug_is_answered_and_its_details_stay_in_the_log() {
        var answer = Objects.requireNonNull(problems.failed(new IllegalStateException("secret detail")));

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.INTERNAL_SERVER_ERROR.value());
        assertThat(answer.getDetail()).doesNotContain("secret");
        assertThat(log.list)
                .anyMatch(event -> event.getLevel().equals(Level.ERROR)
                        && event.getThrowableProxy().getMessage().equals("secret detail"));
    }

    @Test
    void a_client_that_has_gone_is_no_bug() {
        assertThat(problems.failed(new IOException("Connection reset by peer"))).isNull();
        assertThat(log.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.INFO));
    }
}
