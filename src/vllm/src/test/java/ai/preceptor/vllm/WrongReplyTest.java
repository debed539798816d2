package ai.preceptor.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.WrongAnswerException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WrongReplyTest {
    private static final List<EncodedPrompt> PROMPTS = Sampled.prompts(2);

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("model: expected student", reply -> reply.put("model", "another")),
                lie("choices: expected 1, found none", reply -> reply.remove("choices")),
                lie(
                        "choices: expected 1, found 2",
                        reply -> reply.withArray("choices").addObject()),
                lie("token_ids: expected a list", reply -> choice(reply).remove("token_ids")),
                lie("token_ids: expected 1 to 6, found 0", reply -> ids(reply).removeAll()),
                lie(
                        "token_ids[0]: expected an id in [0, 50), found \"50\"",
                        reply -> ids(reply).set(0, 50)),
                lie(
                        "token_ids[0]: expected an id in [0, 50), found \"-1\"",
                        reply -> ids(reply).set(0, -1)),
                lie(
                        "token_ids[0]: expected an id in [0, 50), found \"1.5\"",
                        reply -> ids(reply).set(0, 1.5)),
                lie(
                        "token_logprobs: expected one for each",
                        reply -> logprobs(reply).remove(0)),
                lie(
                        "token_logprobs[0]: expected a finite",
                        reply -> logprobs(reply).set(0, 0.5)),
                lie(
                        "token_logprobs[0]: expected a finite",
                        reply -> logprobs(reply).set(0, "NaN")),
                lie(
                        "token_logprobs[0]: expected a finite",
                        reply -> logprobs(reply).set(0, -1e300)),
                lie(
                        "token_logprobs[0]: expected a finite",
                        reply -> logprobs(reply).setNull(0)),
                lie("finish_reason: expected stop with", reply -> choice(reply).put("finish_reason", "tool_calls")),
                lie("finish_reason: expected stop with", WrongReplyTest::endTooEarly),
                lie(
                        "prompt_token_ids: expected the 2 ids",
                        reply -> choice(reply).withArray("prompt_token_ids").add(1)));
    }

    private static Arguments lie(String told, Consumer<ObjectNode> how) {
        return arguments(told, how);
    }

    private static ObjectNode choice(ObjectNode reply) {
        return (ObjectNode) reply.path("choices").get(0);
    }

    private static ArrayNode ids(ObjectNode reply) {
        return choice(reply).withArray("token_ids");
    }

    private static ArrayNode logprobs(ObjectNode reply) {
        return (ArrayNode) reply.at("/choices/0/logprobs/token_logprobs");
    }

    private static void endTooEarly(ObjectNode reply) {
        ids(reply).removeAll().add(9);
        logprobs(reply).removeAll().add(-0.5);
        choice(reply).put("finish_reason", "length");
    }

    @ParameterizedTest
    @MethodSource("lies")
    void generate_serverThatAlwaysLies_isRefusedByNameAndField(String told, Consumer<ObjectNode> how) {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            server.lies(reply -> {
                how.accept(reply);
                return reply;
            });

            assertThatThrownBy(() -> servers.engine().generate(PROMPTS, 1, Sampled.SEED))
                    .isInstanceOf(WrongAnswerException.class)
                    .hasMessageStartingWith(server.url().replace("/v1", ""))
                    .hasMessageContaining(told);
        }
    }

    @Test
    void generate_serverThatLiesOnce_isAskedAgain() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            AtomicInteger lies = new AtomicInteger(1);
            server.lies(reply -> lies.getAndDecrement() > 0 ? reply.put("model", "another") : reply);

            assertThat(servers.engine().generate(PROMPTS, 2, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 2, FakeVllm.STARTED));
        }
    }

    @Test
    void generate_answerThatTheServerEndsBeforeItsEnd_isAskedForAgain() {
        try (FakeVllm server = FakeVllm.start("student");
                VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
            AtomicInteger ends = new AtomicInteger(5);
            server.lies(reply -> {
                if (ends.getAndDecrement() > 0) {
                    choice(reply).put("finish_reason", "abort");
                }
                return reply;
            });

            assertThat(servers.engine().generate(PROMPTS, 2, Sampled.SEED))
                    .isEqualTo(Sampled.expected(PROMPTS, 2, FakeVllm.STARTED));
        }
    }
}
