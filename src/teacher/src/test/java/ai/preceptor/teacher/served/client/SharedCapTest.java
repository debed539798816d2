package ai.preceptor.teacher.served.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cap is of the ledger, not of a run. */
@Timeout(60)
class SharedCapTest {
    private static final int QUESTIONS = 80;
    private static final double PAID = 0.0002;
    private static final double CAP = 0.01;

    @TempDir
    private Path directory;

    /** Another run in another process: asks its questions of a server and a ledger, up to the cap. */
    static final class Run {
        private Run() {}

        public static void main(String[] args) {
            System.exit(ask(args[0], Path.of(args[1]), args[2], Integer.parseInt(args[3])) ? 0 : 130);
        }

        static boolean ask(String url, Path file, String name, int questions) {
            ServerOptions of = ServerOptions.of(url, "judge-1");
            ServerOptions capped = new ServerOptions(
                    of.url(), of.model(), of.key(), Served.limits(4, 6, 60_000), of.backoff(), new Prices(1, 10, CAP));
            try (CallLedger ledger = CallLedger.open(file);
                    ServedTeacher teacher = new ServedTeacher(capped, ledger, new SimpleMeterRegistry())) {
                teacher.ask(IntStream.range(0, questions)
                        .mapToObj(i -> Served.question((name + " question " + i + " ").repeat(10)))
                        .toList());
                return true;
            } catch (CostLimitException e) {
                return false;
            }
        }
    }

    private static Process process(TeacherServer server, Path file, int questions) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Run.class.getName(),
                        server.url(),
                        file.toString(),
                        "other",
                        String.valueOf(questions))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static TeacherServer server() {
        return TeacherServer.start(call -> ServedReply.late(Duration.ofMillis(3), ServedReply.completion("x")));
    }

    @Test
    void ask_twoRunsInOneProcess_stayUnderOneCap() throws Exception {
        Path file = directory.resolve("calls.sqlite");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (TeacherServer server = server()) {
            CountDownLatch together = new CountDownLatch(2);
            List<Future<Boolean>> runs = new ArrayList<>();
            for (String name : List.of("one", "two")) {
                runs.add(threads.submit(() -> {
                    together.countDown();
                    together.await();
                    return Run.ask(server.url(), file, name, QUESTIONS);
                }));
            }
            for (Future<Boolean> run : runs) {
                assertThat(run.get(40, TimeUnit.SECONDS)).as("all answered").isFalse();
            }
            check(server, file);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void ask_twoProcesses_stayUnderOneCap() throws Exception {
        Path file = directory.resolve("calls.sqlite");
        try (TeacherServer server = server()) {
            Process first = process(server, file, QUESTIONS);
            while (server.calls().size() < 3 && first.isAlive()) {
                Thread.sleep(2);
            }
            assertThat(Run.ask(server.url(), file, "this", QUESTIONS)).isFalse();
            assertThat(first.waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isEqualTo(130);
            check(server, file);
        }
    }

    private static void check(TeacherServer server, Path file) {
        double billed = server.calls().size() * PAID;
        assertThat(billed).isBetween(CAP * 0.7, CAP + 1e-12);
        try (CallLedger ledger = CallLedger.open(file)) {
            assertThat(ledger.totals().cost()).isCloseTo(billed, within(1e-12));
        }
    }

    @Test
    void ask_afterAKill_countsWhatWasAtTheServer() throws Exception {
        Path file = directory.resolve("calls.sqlite");
        try (TeacherServer server =
                TeacherServer.start(call -> ServedReply.late(Duration.ofMinutes(1), ServedReply.completion("x")))) {
            Process killed = process(server, file, 4);
            while (server.calls().size() < 4 && killed.isAlive()) {
                Thread.sleep(2);
            }
            killed.destroyForcibly();
            assertThat(killed.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        // "other question 0 " ten times is 170 bytes, as a map 191, and 16 of a template: 207 at 1 and 10 at 10
        double most = 0.000307;
        try (TeacherServer server = TeacherServer.start(call -> ServedReply.completion("x"));
                CallLedger ledger = CallLedger.open(file)) {
            assertThat(ledger.totals().cost()).isCloseTo(4 * most, within(1e-12));
            assertThat(ledger.totals().open()).isEqualTo(4);
            assertThat(ledger.totals().openCost()).isCloseTo(4 * most, within(1e-12));
            try (Served served = new Served(
                    new ServedTeacher(capped(server, 4.5 * most), ledger, new SimpleMeterRegistry()),
                    ledger,
                    new SimpleMeterRegistry())) {
                assertThatExceptionOfType(CostLimitException.class)
                        .isThrownBy(() -> served.teacher().ask(Served.questions(4)))
                        .withMessageContaining("(0.00122800 of it reserved for 4 calls of other runs that are in flight"
                                + " or were never settled)");
                assertThat(served.teacher().totals().open()).isEqualTo(4);
            }
            assertThat(server.calls().size() * PAID + 4 * PAID).isLessThanOrEqualTo(4.5 * most);
        }
    }

    private static ServerOptions capped(TeacherServer server, double cap) {
        ServerOptions of = Served.options(server);
        return new ServerOptions(
                of.url(), of.model(), of.key(), Served.limits(4, 3, 30_000), of.backoff(), new Prices(1, 10, cap));
    }
}
