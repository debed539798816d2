package ai.preceptor.teacher.served.client;

import static ai.preceptor.testkit.ServedReply.completion;
import static ai.preceptor.testkit.ServedReply.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.testkit.MetricsPage;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ServedTeacherTest {
    /** What every question meets the first time it is asked. */
    enum Fault {
        THROTTLED {
            @Override
            ServedReply reply() {
                return error(429, Map.of("retry-after", "0.01"), "slow down");
            }
        },
        SERVER {
            @Override
            ServedReply reply() {
                return error(503, "overloaded");
            }
        },
        RESET {
            @Override
            ServedReply reply() {
                return ServedReply.reset();
            }
        },
        CUT {
            @Override
            ServedReply reply() {
                return ServedReply.cut("half");
            }
        },
        SLOW {
            @Override
            ServedReply reply() {
                return ServedReply.slow("late", Duration.ofMillis(20));
            }
        },
        HANGING {
            @Override
            ServedReply reply() {
                return ServedReply.late(Duration.ofSeconds(2), completion("late"));
            }
        },
        NO_JSON {
            @Override
            ServedReply reply() {
                return ServedReply.json(200, Map.of(), "<html>gateway</html>");
            }
        },
        DEEP_JSON {
            @Override
            ServedReply reply() {
                return ServedReply.json(200, Map.of(), "[".repeat(100_000));
            }
        },
        NO_CHOICE {
            @Override
            ServedReply reply() {
                return ServedReply.json(200, Map.of(), ServedReply.completionBody("x", 0));
            }
        },
        TWO_CHOICES {
            @Override
            ServedReply reply() {
                return ServedReply.json(200, Map.of(), ServedReply.completionBody("x", 2));
            }
        },
        NO_TEXT {
            @Override
            ServedReply reply() {
                return ServedReply.json(200, Map.of(), "{\"choices\": [{\"message\": {\"content\": null}}]}");
            }
        };

        abstract ServedReply reply();
    }

    private static Function<TeacherServer.Call, ServedReply> onceEach(ServedReply fault) {
        Set<String> met = ConcurrentHashMap.newKeySet();
        return call -> met.add(call.question()) ? fault : completion("re: " + call.question());
    }

    @ParameterizedTest
    @EnumSource
    void ask_aFaultThatPasses_isSurvivedByEveryCall(Fault fault) {
        try (TeacherServer server = TeacherServer.start(onceEach(fault.reply()));
                Served served = Served.open(with(Served.options(server), Served.limits(4, 20, 150)))) {
            List<Asked> asked = served.teacher().ask(Served.questions(6));
            for (int i = 0; i < 6; i++) {
                assertThat(asked.get(i).reply()).as("%s", asked.get(i)).isNotNull();
                assertThat(asked.get(i).reply().text()).isEqualTo("re: question " + i);
            }
            assertThat(served.count("teacher.calls.retried")).isGreaterThanOrEqualTo(6);
            assertThat(served.count("teacher.calls.answered")).isEqualTo(6);
            assertThat(served.teacher().totals().calls()).isEqualTo(6);
        }
    }

    @Test
    void ask_aStormOf429_endsAndLosesNothing() {
        Function<TeacherServer.Call, ServedReply> storm =
                call -> call.number() < 40 ? error(429, Map.of("retry-after-ms", "5"), "storm") : completion("calm");
        try (TeacherServer server = TeacherServer.start(storm);
                Served served = Served.open(with(Served.options(server), Served.limits(4, 40, 30_000)))) {
            List<Asked> asked = served.teacher().ask(Served.questions(20));
            assertThat(asked).allSatisfy(one -> assertThat(one.reply()).isNotNull());
            assertThat(server.calls()).hasSize(60);
        }
    }

    /** A used-up quota is 429 too; with the breaker's standard numbers, in milliseconds. */
    @Test
    void ask_aServerThatAnswers429ToEverything_isGivenUpWithTheFirstCause() {
        Backoff quick = new Backoff(Duration.ofMillis(1), Duration.ofMillis(60), 8, Duration.ofMillis(10));
        try (TeacherServer server = TeacherServer.start(call -> error(429, "quota used up"))) {
            ServerOptions of = Served.options(server);
            ServerOptions options =
                    new ServerOptions(of.url(), of.model(), of.key(), Served.limits(8, 6, 30_000), quick, of.prices());
            try (Served served = Served.open(options)) {
                assertThatExceptionOfType(TeacherException.class)
                        .isThrownBy(() -> served.teacher().ask(Served.questions(64)))
                        .withMessage("teacher judge-1@127.0.0.1: the server is unavailable, the first failure was:"
                                + " status 429: \"quota used up\"");
                assertThat(server.calls()).hasSizeBetween(8 + 7, 8 + 8 + 7);
            }
        }
    }

    /** One is answered, one rests for an hour, and two wait. */
    @Test
    void stop_letsCallsInFlightEnd_andNoneBegin() throws Exception {
        AtomicReference<ServedTeacher> stopped = new AtomicReference<>();
        CountDownLatch refused = new CountDownLatch(1);
        Backoff patient = new Backoff(Duration.ofMillis(1), Duration.ofHours(1), 8, Duration.ofHours(1));
        try (TeacherServer server = TeacherServer.start(call -> {
            if (call.question().endsWith(" 0")) {
                refused.countDown();
                return error(429, Map.of("retry-after", "3600"), "slow down");
            }
            try {
                refused.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            stopped.get().stop();
            return ServedReply.late(Duration.ofMillis(50), completion("in flight"));
        })) {
            ServerOptions of = Served.options(server);
            ServerOptions options = new ServerOptions(
                    of.url(), of.model(), of.key(), Served.limits(2, 6, 30_000), patient, of.prices());
            try (Served served = Served.open(options)) {
                stopped.set(served.teacher());
                assertThatExceptionOfType(InterruptedRunException.class)
                        .isThrownBy(() -> served.teacher().ask(Served.questions(4)))
                        .withMessage(
                                "teacher judge-1@127.0.0.1: interrupted; what was answered is in the ledger of calls,"
                                        + " continue with resume=true");
                assertThat(server.calls()).hasSize(2);
                assertThat(served.teacher().totals().calls()).isEqualTo(1);
                assertThat(served.teacher().totals().open()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409, 413, 422, 302})
    void ask_a4xx_isNeverSentAgain_andConcernsOnlyItsCall(int status) {
        Function<TeacherServer.Call, ServedReply> script =
                call -> call.question().endsWith(" 1") ? error(status, "context\u0007 too long") : completion("fine");
        try (TeacherServer server = TeacherServer.start(script);
                Served served = Served.open(Served.options(server))) {
            List<Asked> asked = served.teacher().ask(Served.questions(3));
            assertThat(asked.get(1).problem()).isEqualTo("status " + status + ": \"context too long\"");
            assertThat(asked.get(0).reply()).isNotNull();
            assertThat(asked.get(2).reply()).isNotNull();
            assertThat(server.calls()).hasSize(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void ask_aWrongKeyOrModel_endsEverythingAtOnce_andTheKeyIsNotTold(int status) {
        ApiKey key = ApiKey.fromEnvironment("JUDGE_KEY", name -> "sk-very-secret");
        try (TeacherServer server = TeacherServer.start(call -> error(status, "bad key sk-very-secret"));
                Served served = Served.open(with(Served.options(server), key))) {
            assertThatExceptionOfType(TeacherException.class)
                    .isThrownBy(() -> served.teacher().ask(Served.questions(100)))
                    .withMessage("teacher judge-1@127.0.0.1: status " + status + ": \"bad key [key]\"")
                    .satisfies(failure -> assertThat(stack(failure)).doesNotContain("secret"));
            assertThat(server.calls()).hasSizeLessThanOrEqualTo(8);
            assertThat(server.calls().get(0).headers()).containsEntry("authorization", "Bearer sk-very-secret");
            assertThat(key.toString()).isEqualTo("the key in JUDGE_KEY");
        }
    }

    @Test
    void ask_aServerThatIsNotThere_isGivenUpWithTheFirstCause() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        ServerOptions of = ServerOptions.of("http://127.0.0.1:" + port + "/v1", "gone");
        Backoff quick = new Backoff(Duration.ofMillis(2), Duration.ofMillis(4), 3, Duration.ofMillis(5));
        ServerOptions options =
                new ServerOptions(of.url(), of.model(), of.key(), Served.limits(8, 2, 1000), quick, of.prices());
        try (Served served = Served.open(options)) {
            assertThatExceptionOfType(TeacherException.class)
                    .isThrownBy(() -> served.teacher().ask(Served.questions(50)))
                    .withMessageStartingWith(
                            "teacher gone@127.0.0.1: the server is unavailable, the first failure was: no"
                                    + " connection");
            assertThat(served.count("teacher.calls.failed", "kind", "connection"))
                    .isLessThan(30);
        }
    }

    @Test
    void ask_nothingAnswered_saysTheFirstCause() {
        Function<TeacherServer.Call, ServedReply> script = call -> error(500, "failure " + call.number());
        try (TeacherServer server = TeacherServer.start(script);
                Served served = Served.open(with(Served.options(server), Served.limits(4, 1, 30_000)))) {
            assertThatExceptionOfType(ScorerException.class)
                    .isThrownBy(() -> served.teacher().ask(Served.questions(1)))
                    .withMessage("teacher judge-1@127.0.0.1: none of 1 calls was answered, the first because of: status"
                            + " 500: \"failure 0\"");
            assertThat(server.calls()).hasSize(2);
        }
    }

    @Test
    void ask_keepsTheLimitOfCallsAtOnce_andSendsEqualQuestionsOnce() {
        try (TeacherServer server = TeacherServer.start(
                        call -> ServedReply.late(Duration.ofMillis(10), completion(call.question())));
                Served served = Served.open(Served.options(server))) {
            List<ChatRequest> twice = new ArrayList<>(Served.questions(12));
            twice.addAll(Served.questions(12));
            List<Asked> asked = served.teacher().ask(twice);
            assertThat(asked.subList(0, 12)).isEqualTo(asked.subList(12, 24));
            assertThat(server.calls()).hasSize(12);
            assertThat(server.peak()).isBetween(2, 4);
            assertThat(served.teacher().ask(Served.questions(3))).hasSize(3);
            assertThat(server.calls()).hasSize(12);
            assertThat(served.count("teacher.calls.reused")).isEqualTo(15);
        }
    }

    @Test
    void meters_areAllOnThePage() {
        try (TeacherServer server = TeacherServer.start(call -> completion("x"));
                Served served = Served.open(Served.options(server))) {
            served.teacher().ask(Served.questions(1));
            Set<String> names = new HashSet<>();
            served.registry()
                    .getMeters()
                    .forEach(meter -> names.add(meter.getId().getName()));
            assertThat(names).hasSizeGreaterThan(8);
            MetricsPage.requireDocumented(names);
        }
    }

    @Test
    void options_refuseAnAddressWithASecret_withoutTellingIt() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ServerOptions.of("http://me:hush@host/v1", "m"))
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("hush"));
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(() -> ServerOptions.of("ftp://host", "m"));
    }

    private static ServerOptions with(ServerOptions of, CallLimits limits) {
        return new ServerOptions(of.url(), of.model(), of.key(), limits, of.backoff(), of.prices());
    }

    private static ServerOptions with(ServerOptions of, ApiKey key) {
        return new ServerOptions(of.url(), of.model(), key, of.limits(), of.backoff(), of.prices());
    }

    private static String stack(Throwable failure) {
        StringWriter out = new StringWriter();
        failure.printStackTrace(new PrintWriter(out));
        return out.toString();
    }
}
