package ai.preceptor.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.rollout.message.EncodedPrompt;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VllmEngineTest {
    private static final List<EncodedPrompt> PROMPTS = Sampled.prompts(5);

    @Test
    void generate_answersInOrder_withIdsLogprobsAndEnds() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            List<List<Completion>> answers = servers.engine().generate(PROMPTS, 3, Sampled.SEED);

            assertThat(answers).isEqualTo(Sampled.expected(PROMPTS, 3, FakeVllm.STARTED));
        }
    }

    @Test
    void generate_severalServers_shareTheWorkAndAnswerTheSame() {
        try (FakeVllm one = FakeVllm.start("student");
                FakeVllm two = FakeVllm.start("student");
                VllmServers servers = Sampled.open(
                        Sampled.quick(one, two).rolloutConcurrency(2).build())) {
            int before = two.completions().size();

            List<List<Completion>> answers = servers.engine().generate(PROMPTS, 4, Sampled.SEED);

            assertThat(answers).isEqualTo(Sampled.expected(PROMPTS, 4, FakeVllm.STARTED));
            assertThat(one.completions().size() + two.completions().size() - 2).isEqualTo(20);
            assertThat(two.completions().size() - before).isBetween(1, 19);
        }
    }

    @Test
    void generate_partOfThePrompts_answersAsAllTogether() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            List<List<Completion>> some = servers.engine().generate(PROMPTS.subList(2, 4), 3, Sampled.SEED);

            assertThat(some)
                    .isEqualTo(Sampled.expected(PROMPTS, 3, FakeVllm.STARTED).subList(2, 4));
        }
    }

    @Test
    void generate_sendsAllNumbersOfSampling() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            servers.engine().generate(PROMPTS.subList(0, 1), 1, Sampled.SEED);

            JsonNode sent = server.completions().get(server.completions().size() - 1);
            assertThat(sent.path("prompt").toString()).isEqualTo("[1,3]");
            assertThat(sent.path("seed").asLong()).isNotNegative();
            assertThat(sent.path("stop_token_ids").toString()).isEqualTo("[0]");
            assertThat(sent.toString())
                    .contains("\"max_tokens\":6", "\"min_tokens\":0", "\"temperature\":1.0", "\"top_p\":1.0")
                    .contains("\"top_k\":-1", "\"min_p\":0.0", "\"repetition_penalty\":1.0", "\"n\":1")
                    .contains("\"presence_penalty\":0.0", "\"frequency_penalty\":0.0", "\"logprobs\":0")
                    .contains("\"return_token_ids\":true", "\"ignore_eos\":true");
        }
    }

    @Test
    void generate_atAnotherTemperature_readsTheModelsOwnLogprobsToo() {
        SamplingOptions half = SamplingOptions.atTemperature(0.5, Sampled.LONGEST, 0);
        try (FakeVllm server = FakeVllm.start("student")) {
            server.tellsProcessed();
            try (VllmServers servers =
                    VllmServers.open(Sampled.quick(server).build(), Sampled.terms(half), new SimpleMeterRegistry())) {
                Completion answer = servers.engine()
                        .generate(PROMPTS, 1, Sampled.SEED)
                        .get(1)
                        .get(0);

                Completion own =
                        Sampled.expected(PROMPTS, 1, FakeVllm.STARTED).get(1).get(0);
                assertThat(answer.logprobs()).isEqualTo(own.logprobs());
                for (int t = 0; t < answer.length(); t++) {
                    assertThat(answer.samplerLogprobs()[t]).isEqualTo(2 * own.logprobs()[t]);
                }
            }
        }
    }

    @Test
    void open_serverThatTellsTheModelsOwnLogprobsOnly_isRefusedAtAnotherTemperature() {
        SamplingOptions half = SamplingOptions.atTemperature(0.5, Sampled.LONGEST, 0);
        try (FakeVllm server = FakeVllm.start("student")) {
            assertThatThrownBy(() -> VllmServers.open(
                            Sampled.quick(server).build(), Sampled.terms(half), new SimpleMeterRegistry()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("--logprobs-mode processed_logprobs");
        }
    }

    @Test
    void refresh_publishesOnceForAllEngines(@TempDir Path home) {
        try (FakeVllm one = FakeVllm.start("student");
                FakeVllm two = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(one, two).build())) {
            servers.publish(new AdapterPublication(), new NumberedWeights(home), null, 0);
            VllmEngine first = servers.engine();
            VllmEngine second = servers.engine();

            first.refresh(1);
            second.refresh(1);

            assertThat(second.generate(PROMPTS, 2, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 2, NumberedWeights.number(1)));
            assertThat(one.calls().stream().filter("/v1/load_lora_adapter"::equals))
                    .hasSize(2);
            assertThat(one.calls().stream().filter("/v1/unload_lora_adapter"::equals))
                    .hasSize(1);
        }
    }

    /** Each waits for the other's. */
    @Test
    void publish_severalServers_loadAtTheSameTime(@TempDir Path home) {
        CyclicBarrier both = new CyclicBarrier(2);
        FakeVllm.Trouble slow = (number, path) -> {
            if (path.equals("/v1/load_lora_adapter")) {
                try {
                    both.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
                    return 500;
                }
            }
            return 0;
        };
        try (FakeVllm one = FakeVllm.start("student");
                FakeVllm two = FakeVllm.start("student");
                VllmServers servers =
                        Sampled.open(Sampled.quick(one, two).rolloutTimeout(30).build())) {
            one.meets(slow);
            two.meets(slow);

            servers.publish(new AdapterPublication(), new NumberedWeights(home), null, 0);

            assertThat(servers.ready()).hasSize(2);
            assertThat(one.adapters()).hasSize(1).isEqualTo(two.adapters());
        }
    }

    @Test
    void longestPush_growsWithTheTimeLimitOfACall() {
        assertThat(VllmSettings.at("http://127.0.0.1:1/v1")
                        .rolloutTimeout(7200)
                        .build()
                        .longestPush())
                .isGreaterThan(Duration.ofHours(6));
    }
}
