package drover.admin.explain;

import drover.admin.config.DroverProperties;
import drover.admin.supervision.CommandRefused;
import drover.admin.supervision.CommandRefused.Reason;
import drover.admin.supervision.Farm;
import drover.admin.supervision.RunDirectory;
import drover.admin.supervision.SlotView.WorkerProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Asks the workers that serve, each by its socket in the run directory, why a request gets what it gets. Any thread may ask.
 * {@code docs/decisions/0023-a-worker-explains-what-it-would-answer.md} says why workers are asked.
 */
@Component
public final class Explainer {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int BUFFER = 16 << 10;

    private final Farm farm;
    private final RunDirectory directory;

    Explainer(Farm farm, DroverProperties properties) {
        this.farm = farm;
        this.directory = new RunDirectory(properties.runDirectory());
    }

    /**
     * Explains a request.
     *
     * @param url with or without scheme; without a path it is {@code /}
     * @param client the address of who would ask
     * @param fields of the request, {@code Name: value}
     * @throws IllegalArgumentException if it cannot be asked so; the message says what to do
     * @throws CommandRefused if no worker can be asked
     */
    public Explanation explain(String url, String method, String client, List<String> fields) {
        Question question;
        try {
            question = Question.of(url, method, client, fields);
        } catch (Question.Invalid invalid) {
            throw new IllegalArgumentException(invalid.getMessage(), invalid);
        }
        var answers = answers(question);
        return answers.getFirst()
                .explanation(question, answers.stream().map(Answer::cache).toList());
    }

    private record Asked(int worker, Path socket) {}

    private List<Answer> answers(Question question) {
        var asked = farm.slots().stream()
                .flatMap(slot -> slot.processes().stream()
                        .filter(WorkerProcess::serves)
                        .limit(1)
                        .map(process -> new Asked(slot.slot(), directory.explainSocket(slot.slot(), process.seat()))))
                .toList();
        if (asked.isEmpty()) {
            throw new CommandRefused(Reason.BUSY, "No worker is up, and only a worker knows what it would answer.");
        }
        var bytes = question.bytes();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = threads.invokeAll(
                    asked.stream()
                            .map(one -> (java.util.concurrent.Callable<Answer>)
                                    () -> Answer.of(one.worker(), ask(one.socket(), bytes)))
                            .toList(),
                    PATIENCE.toMillis(),
                    TimeUnit.MILLISECONDS);
            return succeeded(asked, futures);
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
            throw new CommandRefused(Reason.BUSY, "Drover is being stopped.");
        }
    }

    private static List<Answer> succeeded(List<Asked> asked, List<Future<Answer>> futures) throws InterruptedException {
        var answers = new ArrayList<Answer>();
        var why = new ArrayList<String>();
        for (int i = 0; i < futures.size(); i++) {
            try {
                answers.add(futures.get(i).get());
            } catch (CancellationException late) {
                why.add("worker %d did not answer within %d s"
                        .formatted(asked.get(i).worker(), PATIENCE.toSeconds()));
            } catch (ExecutionException failure) {
                var cause = Optional.ofNullable(failure.getCause()).map(Throwable::getMessage);
                why.add("worker %d: %s".formatted(asked.get(i).worker(), cause.orElse("it failed")));
            }
        }
        if (answers.isEmpty()) {
            throw new CommandRefused(Reason.BUSY, "No worker could say: " + String.join("; ", why) + ".");
        }
        return answers;
    }

    private static String ask(Path socket, byte[] question) throws IOException {
        if (Files.notExists(socket)) {
            throw new IOException("it takes no questions, as workers of earlier versions do not");
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            var out = ByteBuffer.wrap(question);
            while (out.hasRemaining()) {
                channel.write(out);
            }
            channel.shutdownOutput();
            var all = new ByteArrayOutputStream();
            var buffer = ByteBuffer.allocate(BUFFER);
            while (channel.read(buffer) >= 0) {
                all.write(buffer.array(), 0, buffer.position());
                buffer.clear();
                if (all.size() > LONGEST_ANSWER) {
                    throw new IOException("its answer is too long");
                }
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }
}
