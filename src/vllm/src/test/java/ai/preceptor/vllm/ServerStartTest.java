package ai.preceptor.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.SamplingSettings;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused by name before anything is sampled. */
class ServerStartTest {
    @Test
    void open_serverWithOneModel_takesIt() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            assertThat(servers.model()).isEqualTo("student");
        }
    }

    @Test
    void open_anotherModel_isRefusedWithThoseThatThereAre() {
        try (FakeVllm server = FakeVllm.start("student")) {
            assertThatThrownBy(() -> Sampled.open(
                            Sampled.quick(server).rolloutModel("pupil").build()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("rollout_model: expected one of [student]")
                    .hasMessageEndingWith("found pupil");
        }
    }

    @Test
    void open_serversWithDifferentModels_areRefused() {
        try (FakeVllm one = FakeVllm.start("student");
                FakeVllm two = FakeVllm.start("pupil")) {
            assertThatThrownBy(() -> Sampled.open(Sampled.quick(one, two).build()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("the same model on all servers");
        }
    }

    @Test
    void open_anotherKindOfServer_isRefused() {
        try (FakeVllm server = FakeVllm.start("student")) {
            server.meets((number, path) -> path.equals("/version") ? 404 : 0);

            assertThatThrownBy(() -> Sampled.open(Sampled.quick(server).build()))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("/version: status 404");
        }
    }

    @Test
    void open_serverWithoutTokenIds_isRefused() {
        try (FakeVllm server = FakeVllm.start("student")) {
            server.lies(reply -> {
                ((ObjectNode) reply.at("/choices/0")).remove("token_ids");
                return reply;
            });

            assertThatThrownBy(() -> Sampled.open(Sampled.quick(server).build()))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("return_token_ids is of vLLM 0.10.2 and later");
        }
    }

    /** They may change no token of the answer that is tried. */
    @Test
    void open_processedLogprobs_areFoundWithEveryReshaping() {
        SamplingOptions plain = Sampled.terms().options();
        List<SamplingSettings> all = List.of(
                plain.settings().but().minNewTokens(2).build(),
                plain.settings().but().presencePenalty(0.5).maxNewTokens(1).build());
        for (SamplingSettings reshaping : all) {
            SamplingTerms terms = Sampled.terms(plain.with(reshaping));
            try (FakeVllm server = FakeVllm.start("student")) {
                VllmSettings settings = Sampled.quick(server).build();
                assertThatThrownBy(() -> VllmServers.open(settings, terms, new SimpleMeterRegistry()))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("start it with --logprobs-mode processed_logprobs");
                server.tellsProcessed();
                try (VllmServers servers = VllmServers.open(settings, terms, new SimpleMeterRegistry())) {
                    assertThat(servers.model()).isEqualTo("student");
                }
            }
        }
    }

    @Test
    void open_triesAnAnswerAsThoseOfTheRun() {
        SamplingOptions plain = Sampled.terms().options();
        SamplingOptions own = plain.with(
                plain.settings().but().minNewTokens(2).temperature(0.7).build());
        try (FakeVllm server = FakeVllm.start("student")) {
            server.tellsProcessed();
            try (VllmServers servers =
                    VllmServers.open(Sampled.quick(server).build(), Sampled.terms(own), new SimpleMeterRegistry())) {
                JsonNode tried = server.completions().get(0);
                assertThat(tried.path("min_tokens").intValue()).isEqualTo(2);
                assertThat(tried.path("temperature").doubleValue()).isEqualTo(0.7);
                assertThat(servers.model()).isEqualTo("student");
            }
        }
    }

    @Test
    void open_shorterContext_isRefusedForLearnersAndTakenForOthers() {
        try (FakeVllm server = new FakeVllm("student", 60)) {
            assertThatThrownBy(() -> Sampled.open(Sampled.quick(server).build()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("--max-model-len of 100 or more, found 60");
            try (VllmServers servers =
                    VllmServers.openWithin(Sampled.quick(server).build(), Sampled.terms(), new SimpleMeterRegistry())) {
                assertThat(servers.context()).isEqualTo(60);
            }
        }
    }

    @Test
    void publish_serverWithOtherWeightsThanTheStudent_isRefused(@TempDir Path home) {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            StudentProbe another = new StudentProbe(new int[] {1, 2, 3}, () -> new float[] {-3, -4});

            assertThatThrownBy(() -> servers.publish(new AdapterPublication(), new NumberedWeights(home), another, 0))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("expected the student's weights (version 0)");
        }
    }

    /** vLLM reported success and had loaded a part only. */
    @Test
    void require_laterVersionFarFromTheFirstsRounding_isRefused() {
        WeightAgreement agreement = new WeightAgreement();
        float[] own = {-1, -2, -3};
        agreement.require("server", 0, own, new float[] {-1.0001f, -2, -3});

        assertThatCode(() -> agreement.require("server", 1, own, new float[] {-1.001f, -2, -3}))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> agreement.require("server", 2, own, new float[] {-1.01f, -2, -3}))
                .isInstanceOf(TeacherException.class)
                .hasMessageContaining("0.00333 nats a token, more than 0.00117");
    }
}
