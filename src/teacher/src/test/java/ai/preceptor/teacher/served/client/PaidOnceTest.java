package ai.preceptor.teacher.served.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No call is paid twice, and no more is paid than allowed. */
@Timeout(60)
class PaidOnceTest {
    private static final int QUESTIONS = 200;
    private static final int AT_ONCE = 4;

    @TempDir
    private Path directory;

    /** What the test kills: asks all questions of the server and ledger that it is given. */
    static final class Asker {
        private Asker() {}

        public static void main(String[] args) {
            try (CallLedger ledger = CallLedger.open(Path.of(args[1]))) {
                ServerOptions options = ServerOptions.of(args[0], "judge-1");
                ServerOptions few = new ServerOptions(
                        options.url(),
                        options.model(),
                        options.key(),
                        Served.limits(AT_ONCE, 6, 60_000),
                        options.backoff(),
                        options.prices());
                try (ServedTeacher teacher = new ServedTeacher(few, ledger, new SimpleMeterRegistry())) {
                    teacher.ask(Served.questions(QUESTIONS));
                }
            }
        }
    }

    @Test
    void ask_killedThreeTimes_paysEachCallOnce_butForThoseThatWereAtTheServer() throws Exception {
        Path file = directory.resolve("calls.sqlite");
        try (TeacherServer server = TeacherServer.start(
                call -> ServedReply.late(Duration.ofMillis(5), ServedReply.completion("re: " + call.question())))) {
            int before = 0;
            for (int kill = 1; kill <= 3; kill++) {
                Process process = asker(server, file);
                while (server.calls().size() < before + 30 && process.isAlive()) {
                    Thread.sleep(2);
                }
                process.destroyForcibly();
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                Thread.sleep(50);
                before = server.calls().size();
                try (CallLedger ledger = CallLedger.open(file)) {
                    long kept = ledger.totals().calls();
                    assertThat(kept)
                            .as("kill %d: of %d calls", kill, before)
                            .isBetween((long) before - (long) kill * AT_ONCE * 2, (long) before);
                }
            }
            Process last = asker(server, file);
            assertThat(last.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(last.exitValue()).isZero();
            Map<String, Long> times = server.calls().stream()
                    .collect(Collectors.groupingBy(TeacherServer.Call::question, Collectors.counting()));
            assertThat(times).hasSize(QUESTIONS);
            assertThat(server.calls().size() - QUESTIONS)
                    .as("calls that were repeated")
                    .isBetween(0, 3 * AT_ONCE * 2);
            try (CallLedger ledger = CallLedger.open(file)) {
                assertThat(ledger.totals().calls()).isEqualTo(QUESTIONS);
            }
        }
    }

    private static Process asker(TeacherServer server, Path file) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asker.class.getName(),
                        server.url(),
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** 100 tokens in at 1, 10 out at 10, each a million: 0.0002 a call. */
    @Test
    void ask_atTheCap_stops_keepsWhatWasAnswered_andAHigherCapGoesOn() {
        Function<TeacherServer.Call, ServedReply> script = call -> ServedReply.completion("x");
        Path file = directory.resolve("calls.sqlite");
        try (TeacherServer server = TeacherServer.start(script)) {
            long paid;
            try (Served served = Served.open(capped(server, 0.0051), CallLedger.open(file))) {
                assertThatExceptionOfType(CostLimitException.class)
                        .isThrownBy(() -> served.teacher().ask(longQuestions()))
                        .withMessageContaining("of 0.00510000 are spent")
                        .withMessageContaining("continue with a higher max_cost and resume=true");
                paid = served.teacher().totals().calls();
                assertThat(served.teacher().totals().cost()).isBetween(0.0045, 0.0051);
                assertThat(server.calls()).hasSize((int) paid);
            }
            try (Served served = Served.open(capped(server, 1), CallLedger.open(file))) {
                assertThat(served.teacher().ask(longQuestions())).hasSize(40);
                assertThat(served.teacher().totals().calls()).isEqualTo(40);
                assertThat(served.teacher().totals().cost()).isCloseTo(0.008, within(1e-9));
            }
            assertThat(server.calls()).as("nothing was asked twice").hasSize(40);
        }
    }

    /** As long as the 100 tokens that the server counts. */
    private static List<ChatRequest> longQuestions() {
        return IntStream.range(0, 40)
                .mapToObj(i -> Served.question(("question " + i + " ").repeat(16)))
                .toList();
    }

    private static ServerOptions capped(TeacherServer server, double cap) {
        ServerOptions of = Served.options(server);
        return new ServerOptions(of.url(), of.model(), of.key(), of.limits(), of.backoff(), new Prices(1, 10, cap));
    }
}
