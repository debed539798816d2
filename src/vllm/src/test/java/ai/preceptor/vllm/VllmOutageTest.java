package ai.preceptor.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.message.EncodedPrompt;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VllmOutageTest {
    private static final List<EncodedPrompt> PROMPTS = Sampled.prompts(6);
    private static final String COMPLETIONS = "/v1/completions";

    @TempDir
    Path home;

    static Stream<WeightPublication> publications() {
        return Stream.of(new AdapterPublication(), new FullWeightsPublication("student"));
    }

    /** A status that a few calls meet, one after the other. */
    private static FakeVllm.Trouble some(int status) {
        AtomicInteger left = new AtomicInteger(3);
        return (number, path) -> path.equals(COMPLETIONS) && number % 4 == 3 && left.getAndDecrement() > 0 ? status : 0;
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503, FakeVllm.Trouble.CUT, FakeVllm.Trouble.SLOW})
    void generate_someCallsInTrouble_loseAndDoubleNothing(int status) {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers =
                        Sampled.open(Sampled.quick(server).rolloutTimeout(5).build())) {
            server.meets(some(status));

            assertThat(servers.engine().generate(PROMPTS, 2, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 2, FakeVllm.STARTED));
        }
    }

    @ParameterizedTest
    @MethodSource("publications")
    void generate_serverKilledAndStartedAgainInTheMiddle_getsTheWeightsAgain(WeightPublication how) {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers =
                        Sampled.open(Sampled.quick(server).rolloutConcurrency(2).build())) {
            servers.publish(how, new NumberedWeights(home), null, 3);
            kill(server, 5);

            assertThat(servers.engine().generate(PROMPTS, 2, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 2, NumberedWeights.number(3)));
        }
    }

    /** On the call of this number for an answer from now on. */
    private static void kill(FakeVllm server, int call) {
        AtomicInteger calls = new AtomicInteger();
        server.meets((number, path) -> {
            if (path.equals(COMPLETIONS) && calls.incrementAndGet() == call) {
                new Thread(() -> {
                            server.stop();
                            server.startAgain();
                        })
                        .start();
                return FakeVllm.Trouble.SLOW; // until the connection ends with the server
            }
            return 0;
        });
    }

    @ParameterizedTest
    @MethodSource("publications")
    void generate_serverStartedAgainBetweenCalls_getsTheWeightsAgain(WeightPublication how) {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            servers.publish(how, new NumberedWeights(home), null, 1);
            server.stop();
            server.startAgain();

            assertThat(servers.engine().generate(PROMPTS, 2, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 2, NumberedWeights.number(1)));
        }
    }

    /** What it answers before a call fails and the restart is noticed is of other weights. */
    @ParameterizedTest
    @MethodSource("publications")
    void generate_answersBetweenARestartAndItsNotice_areAskedForAgain(WeightPublication how) {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers =
                        Sampled.open(Sampled.quick(server).rolloutConcurrency(1).build())) {
            servers.publish(how, new NumberedWeights(home), null, 1);
            AtomicInteger calls = new AtomicInteger();
            server.meets((number, path) -> {
                int call = path.equals(COMPLETIONS) ? calls.incrementAndGet() : 0;
                if (call == 4) {
                    server.forget();
                }
                return call == 7 ? FakeVllm.Trouble.CUT : 0;
            });

            assertThat(servers.engine().generate(PROMPTS, 2, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 2, NumberedWeights.number(1)));
        }
    }

    @Test
    void generate_oneOfTwoServersGone_othersDoItsWork() {
        try (FakeVllm one = FakeVllm.start("student");
                FakeVllm two = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(one, two).build())) {
            two.stop();

            assertThat(servers.engine().generate(PROMPTS, 2, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 2, FakeVllm.STARTED));
        }
    }

    @Test
    void refresh_serverGone_getsTheVersionWhenItIsBack() {
        try (FakeVllm one = FakeVllm.start("student");
                FakeVllm two = FakeVllm.start("student");
                VllmServers servers = Sampled.open(
                        Sampled.quick(one, two).rolloutConcurrency(1).build())) {
            servers.publish(new AdapterPublication(), new NumberedWeights(home), null, 0);
            VllmEngine engine = servers.engine();
            two.stop();
            engine.refresh(1);
            assertThat(engine.generate(PROMPTS, 1, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 1, NumberedWeights.number(1)));
            two.startAgain();
            one.stop();

            assertThat(engine.generate(PROMPTS, 1, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 1, NumberedWeights.number(1)));
        }
    }

    @Test
    void refresh_serverGoneWhileItIsCompared_isComparedWhenItIsBack() {
        isComparedAgainAfter(server -> kill(server, 1));
    }

    /** The server stays up, with the weights. */
    @Test
    void refresh_connectionBreaksWhileItIsCompared_isComparedAgain() {
        AtomicInteger calls = new AtomicInteger();
        isComparedAgainAfter(server -> server.meets(
                (number, path) -> path.equals(COMPLETIONS) && calls.incrementAndGet() == 1 ? FakeVllm.Trouble.CUT : 0));
    }

    /** @param trouble of the first comparison of version 1 */
    private void isComparedAgainAfter(Consumer<FakeVllm> trouble) {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            AtomicInteger version = new AtomicInteger();
            StudentProbe student = new StudentProbe(new int[] {1, 2}, () ->
                    new float[] {(float) FakeVllm.logprob(NumberedWeights.number(version.get()), 2, 1)});
            servers.publish(new AdapterPublication(), new NumberedWeights(home), student, 0);
            VllmEngine engine = servers.engine();
            version.set(1);
            trouble.accept(server);

            engine.refresh(1);

            assertThat(engine.generate(PROMPTS, 1, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 1, NumberedWeights.number(1)));
            assertThat(server.completions().stream().filter(call -> call.has("prompt_logprobs")))
                    .hasSize(2);
        }
    }

    @Test
    void generate_noServerForTooLong_endsTheRunAndSaysWhy() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers =
                        Sampled.open(Sampled.quick(server).rolloutOutage(0).build())) {
            server.stop();

            assertThatThrownBy(() -> servers.engine().generate(PROMPTS, 1, Sampled.SEED))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("none could be reached for 0.0 s")
                    .hasMessageContaining(server.url().replace("/v1", ""));
        }
    }

    @Test
    void generate_callThatAlwaysFails_isGivenUpForTheRolloutsToTryAgain() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            server.meets((number, path) -> path.equals(COMPLETIONS) ? 500 : 0);

            assertThatThrownBy(() -> servers.engine().generate(PROMPTS.subList(0, 1), 1, Sampled.SEED))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("status 500: \"in trouble\"");
        }
    }

    /** As of a prompt at which the server crashes and is started again each time. */
    @Test
    @Timeout(60)
    void generate_oneCallWhoseConnectionAlwaysBreaks_isGivenUpAfterAsLongAsAnOutageMayLast() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers =
                        Sampled.open(Sampled.quick(server).rolloutOutage(1.5).build())) {
            int bad = PROMPTS.get(2).ids()[0];
            server.meets(new FakeVllm.Trouble() {
                @Override
                public int status(int number, String path) {
                    return 0;
                }

                @Override
                public int status(int number, String path, JsonNode body) {
                    return body.path("prompt").path(0).asInt() == bad ? CUT : 0;
                }
            });

            assertThatThrownBy(() -> servers.engine().generate(PROMPTS, 1, Sampled.SEED))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("answer 0: ")
                    .hasMessageContaining("this was attempt 4 that failed so, for longer than rollout_outage");
            assertThatThrownBy(() -> servers.engine().generateOnce(PROMPTS, 1, Sampled.SEED))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("rollout server: answer 0: ");
            assertThat(servers.engine().generate(PROMPTS.subList(0, 2), 1, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS.subList(0, 2), 1, FakeVllm.STARTED));
        }
    }

    @Test
    void generate_answerThatIsAlwaysAborted_isGivenUpAfterAnOutage() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers =
                        Sampled.open(Sampled.quick(server).rolloutOutage(1).build())) {
            server.lies(reply -> {
                ((ObjectNode) reply.at("/choices/0")).put("finish_reason", "abort");
                return reply;
            });

            assertThatThrownBy(() -> servers.engine().generateOnce(PROMPTS.subList(0, 1), 1, Sampled.SEED))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("it has ended an answer before its end; this was attempt 4");
        }
    }

    @Test
    void refresh_serverThatRefusesAdapters_isToldWhatItNeeds() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            server.meets((number, path) -> path.equals("/v1/load_lora_adapter") ? 404 : 0);

            assertThatThrownBy(() -> servers.publish(new AdapterPublication(), new NumberedWeights(home), null, 0))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("--enable-lora")
                    .hasMessageContaining("VLLM_ALLOW_RUNTIME_LORA_UPDATING");
        }
    }

    @Test
    void cancel_endsARunningCall() throws InterruptedException {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            CountDownLatch asked = new CountDownLatch(1);
            server.meets((number, path) -> {
                asked.countDown();
                return FakeVllm.Trouble.SLOW;
            });
            VllmEngine engine = servers.engine();
            AtomicBoolean cancelled = new AtomicBoolean();
            Thread caller = new Thread(() -> {
                try {
                    engine.generate(PROMPTS, 1, Sampled.SEED);
                } catch (CancellationException e) {
                    cancelled.set(true);
                }
            });
            caller.start();
            asked.await();

            engine.cancel();

            caller.join(20_000);
            assertThat(cancelled).isTrue();
        }
    }
}
