package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever numbers a request has, it is refused by name or answered, and the engine lives. */
class SamplingFuzzTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final long SEED = 20_261_129;
    private static final int REQUESTS = 480;
    private static final int TOGETHER = 48;
    private static final String EVERY_ID =
            IntStream.range(0, 512).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    private static final String EVERY_BIAS =
            IntStream.range(0, 512).mapToObj(id -> "\"" + id + "\": -100").collect(Collectors.joining(", ", "{", "}"));

    private static final Map<String, List<String>> VALUES = values();

    private static ServedTiny tiny;

    private static Map<String, List<String>> values() {
        Map<String, List<String>> values = new LinkedHashMap<>();
        values.put(
                "temperature",
                List.of("0", "4.9e-324", "1e-320", "1e-46", "1e-39", "1e-30", "1", "2", "2.001", "-1", "1e300"));
        values.put("top_p", List.of("4.9e-324", "1e-320", "1e-46", "1e-45", "1e-10", "0.9999999999", "1", "0", "1.1"));
        values.put("top_k", List.of("-1", "0", "1", "2", "511", "512", "513", "2147483647", "2147483648"));
        values.put("min_p", List.of("0", "1e-320", "1e-46", "0.5", "0.99999999999", "1", "1.001"));
        values.put(
                "repetition_penalty",
                List.of("4.9e-324", "1e-320", "1e-46", "1e-30", "0.5", "2", "1e30", "1e38", "1e39", "1e308", "0"));
        values.put("presence_penalty", List.of("-2", "2", "1e-46", "-1e-320", "2.5"));
        values.put("frequency_penalty", List.of("-2", "2", "1e-46", "-1e-320", "-2.5"));
        values.put(
                "logit_bias",
                List.of(
                        "{}",
                        "{\"5\": 100}",
                        "{\"5\": -100, \"2\": -100}",
                        "{\"0\": 1e-46}",
                        EVERY_BIAS,
                        "{\"x\": 1}"));
        values.put("allowed_token_ids", List.of("[]", "[3]", "[3, 5, 511]", "[2]", EVERY_ID, "[512]"));
        values.put("stop_token_ids", List.of("[]", "[5]", EVERY_ID, "[-1]"));
        values.put("min_tokens", List.of("0", "1", "4"));
        values.put("n", List.of("1", "3"));
        values.put("seed", List.of("0", "-9223372036854775808", "9223372036854775807"));
        return values;
    }

    @BeforeAll
    static void start() {
        tiny = ServedTiny.start();
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-320", "1e-100", "1e-60", "1e-47", "1e-46"})
    void nucleusThatUnderflows_isAnsweredWithTheMostProbable(String topP) {
        String hello = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"max_tokens\": 5, ";
        String small = tiny.ask(CHAT, hello + "\"seed\": 1, \"top_p\": " + topP + "}")
                .at("/choices/0/message/content")
                .asText();
        assertThat(tiny.ask(CHAT, hello + "\"temperature\": 0}")
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo(small);
    }

    @Test
    void extremeSettings_areRefusedByName_orAnsweredWithFiniteNumbers() throws IOException {
        Random random = new Random(SEED);
        int answered = 0;
        for (int from = 0; from < REQUESTS; from += TOGETHER) {
            List<ObjectNode> bodies = new ArrayList<>();
            List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
            for (int i = 0; i < TOGETHER; i++) {
                bodies.add(body(random));
                replies.add(tiny.later(CHAT, bodies.get(i).toString()));
            }
            for (int i = 0; i < TOGETHER; i++) {
                String asked = "seed " + SEED + ", request " + (from + i) + ": " + bodies.get(i);
                answered += judge(asked, bodies.get(i), replies.get(i).join()) ? 1 : 0;
            }
        }
        assertThat(answered).as("of %d requests", REQUESTS).isBetween(REQUESTS / 5, REQUESTS - REQUESTS / 5);
        assertThat(tiny.server.failure()).isNull();
        assertThat(tiny.get("/health").body()).contains("ok");
        ServedTiny.until(() -> tiny.meter("serve_cache_blocks_reserved") == 0);
    }

    private static ObjectNode body(Random random) throws IOException {
        ObjectNode body = ServedTiny.JSON.createObjectNode();
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi " + random.nextInt(9));
        body.put("logprobs", true).put("top_logprobs", List.of(0, 1, 20).get(random.nextInt(3)));
        body.put("max_tokens", 4);
        List<String> names = List.copyOf(VALUES.keySet());
        for (int fields = 1 + random.nextInt(4); fields > 0; fields--) {
            String name = names.get(random.nextInt(names.size()));
            List<String> values = VALUES.get(name);
            body.set(name, ServedTiny.JSON.readTree(values.get(random.nextInt(values.size()))));
        }
        return body;
    }

    /** @return whether it was answered */
    private static boolean judge(String asked, ObjectNode body, HttpResponse<String> reply) {
        JsonNode json = ServedTiny.parse(reply.body());
        if (reply.statusCode() == 400) {
            String field = json.at("/error/param").asText();
            assertThat(body.has(field.replaceAll("\\..*", "")))
                    .as("%s: blames %s: %s", asked, field, reply.body())
                    .isTrue();
            return false;
        }
        assertThat(reply.statusCode()).as("%s: %s", asked, reply.body()).isEqualTo(200);
        assertThat(json.path("choices")).as(asked).hasSize(body.path("n").asInt(1));
        for (JsonNode choice : json.path("choices")) {
            assertThat(choice.at("/logprobs/content")).as(asked).isNotEmpty();
            for (JsonNode token : choice.at("/logprobs/content")) {
                finite(asked, token);
                token.path("top_logprobs").forEach(other -> finite(asked, other));
            }
        }
        return true;
    }

    private static void finite(String asked, JsonNode token) {
        JsonNode logprob = token.path("logprob");
        assertThat(logprob.isNumber() && Double.isFinite(logprob.doubleValue()) && logprob.doubleValue() <= 1e-6)
                .as("%s: log-probability %s", asked, logprob)
                .isTrue();
    }
}
