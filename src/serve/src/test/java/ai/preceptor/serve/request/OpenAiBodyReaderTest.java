package ai.preceptor.serve.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.TokenCountBound;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.serve.request.BodyReader.Kind;
import ai.preceptor.serve.request.OpenAiBodyReader.Model;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpenAiBodyReaderTest {
    private static final Path MODEL = Golden.dir("tiny-chat");
    private static final int CONTEXT = 512;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> FIELDS = List.of(
            "model",
            "messages",
            "prompt",
            "n",
            "seed",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "max_tokens",
            "max_completion_tokens",
            "min_tokens",
            "stop",
            "stop_token_ids",
            "allowed_token_ids",
            "logit_bias",
            "logprobs",
            "top_logprobs",
            "prompt_logprobs",
            "presence_penalty",
            "frequency_penalty",
            "repetition_penalty",
            "stream",
            "stream_options",
            "tools",
            "tool_choice",
            "chat_template_kwargs",
            "response_format",
            "best_of",
            "suffix",
            "echo",
            "user",
            "nonsense");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "2",
            "511",
            "512",
            "1e300",
            "-1e300",
            "9223372036854775808",
            "0.5",
            "\"\"",
            "\"text\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "[]",
            "[1]",
            "[null]",
            "[-1, 2]",
            "[\"a\", \"b\"]",
            "[[1], [2]]",
            "[[]]",
            "[{}]",
            "{}",
            "{\"1\": 1}",
            "{\"x\": []}",
            "{\"include_usage\": true}",
            "{\"type\": \"text\"}",
            "[{\"role\": \"user\", \"content\": \"Hi\"}]",
            "[{\"role\": \"user\", \"content\": null}]",
            "[{\"role\": \"assistant\", \"tool_calls\": [1]}]",
            "[{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"Hi\"}], \"name\": 5}]",
            "{\"messages\": 1, \"tools\": 2}");

    private static Tokenizer tokenizer;
    private static OpenAiBodyReader reader;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(MODEL);
        reader = new OpenAiBodyReader(
                new Model("tiny", CONTEXT, 512),
                TemplateEncoder.load(MODEL, tokenizer, Boundary.REFUSE),
                TokenCountBound.load(MODEL),
                320,
                1024,
                () -> 7);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    /** Whatever is asked is understood, within what the engine takes, or refused with the field's name: never a defect. */
    @Test
    void mutatedBodies_areReadOrRefused() throws IOException {
        Random random = new Random(1);
        int read = 0;
        for (int i = 0; i < 6000; i++) {
            boolean chat = random.nextBoolean();
            byte[] body = body(random, chat).toString().getBytes(StandardCharsets.UTF_8);
            String written = new String(body, StandardCharsets.UTF_8);
            try {
                ApiRequest request = reader.read(chat ? Kind.CHAT : Kind.COMPLETION, body, () -> {});
                for (GenerationRequest one : request.forEngine(Duration.ofSeconds(1))) {
                    assertThat(one.promptIds().length + one.options().settings().maxNewTokens())
                            .as(written)
                            .isLessThanOrEqualTo(CONTEXT);
                }
                read++;
            } catch (ApiException refused) {
                assertThat(refused.status()).as(written).isIn(400, 404);
                assertThat(refused.toJson().at("/error/param").asText())
                        .as(written + refused.getMessage())
                        .isNotEqualTo("null");
            }
        }
        assertThat(read).as("bodies that were understood").isBetween(300, 5700);
    }

    private static ObjectNode body(Random random, boolean chat) throws IOException {
        ObjectNode body = JSON.createObjectNode();
        if (chat) {
            body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        } else {
            body.put("prompt", "To be");
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            body.set(
                    FIELDS.get(random.nextInt(FIELDS.size())),
                    JSON.readTree(VALUES.get(random.nextInt(VALUES.size()))));
        }
        return body;
    }

    @Test
    void cutAndFlippedBytes_areReadOrRefused() {
        byte[] whole =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"H\u00e9llo\"}], \"n\": 2, \"stop\": [\"x\"]}"
                        .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(2);
        int refusals = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] body = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
            body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            try {
                reader.read(Kind.CHAT, body, () -> {});
            } catch (ApiException refused) {
                assertThat(refused.status()).isIn(400, 404);
                refusals++;
            }
        }
        assertThat(refusals).isGreaterThan(2000);
    }

    /** It need not be tokenized to know that it does not fit; what may fit is. */
    @Test
    void promptFarBeyondTheContext_isRefusedByItsLength() {
        assertThatThrownBy(() -> read("{\"prompt\": \"" + "word ".repeat(800_000) + "\"}"))
                .isInstanceOf(ApiException.class)
                .hasMessage("prompt: expected at most 511 tokens, one less than the model's context, found 4000000"
                        + " characters, which are at least 307693 tokens");
        assertThatThrownBy(() -> read("{\"prompt\": \"" + "word ".repeat(1000) + "\"}"))
                .isInstanceOf(ApiException.class)
                .hasMessageMatching(".*context, found \\d+");
        assertThat(read("{\"prompt\": \"" + "<|endoftext|>".repeat(511) + "\", \"max_tokens\": 1}")
                        .promptTokens())
                .as("the longest token as often as it fits")
                .isEqualTo(511);
    }

    @Test
    void stop_longerThanAThousandCharacters_isRefused() {
        String body = "{\"prompt\": \"To be\", \"stop\": [\"x\", \"%s\"]}";
        assertThat(read(body.formatted("y".repeat(1000))).promptTokens()).isPositive();
        assertThatThrownBy(() -> read(body.formatted("y".repeat(1001))))
                .isInstanceOf(ApiException.class)
                .hasMessage("stop: expected texts of [1, 1000] characters, found one of 1001");
    }

    @Test
    void templateArguments_thatAreSetForThem_areRefused() {
        String body = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"chat_template_kwargs\": {%s}}";
        assertThat(read(Kind.CHAT, body.formatted("\"enable_thinking\": false")).choices())
                .isEqualTo(1);
        for (String name : List.of("messages", "add_generation_prompt")) {
            assertThatThrownBy(() -> read(Kind.CHAT, body.formatted("\"x\": 1, \"" + name + "\": false")))
                    .isInstanceOf(ApiException.class)
                    .hasMessage("chat_template_kwargs: expected variables other than messages, add_generation_prompt,"
                            + " found " + name);
        }
    }

    /** Each prompt of a list is a part of the work, after which nobody may wait any more. */
    @Test
    void promptsOfAList_areReadOneByOne() {
        AtomicInteger parts = new AtomicInteger();
        byte[] body = "{\"prompt\": [\"a\", \"b\", \"c\"]}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> reader.read(Kind.COMPLETION, body, () -> {
                    if (parts.incrementAndGet() == 3) {
                        throw new CancellationException("enough");
                    }
                }))
                .hasMessage("enough");
        reader.read(Kind.COMPLETION, body, parts::incrementAndGet);
        assertThat(parts).hasValue(3 + 4);
    }

    private static ApiRequest read(String body) {
        return reader.read(Kind.COMPLETION, body.getBytes(StandardCharsets.UTF_8), () -> {});
    }

    /** With the longest answers the reply's JSON would take gigabytes. */
    @Test
    void logprobs_moreThanOneReplyMayHave_areRefused_andStreamsAreNot() {
        String chat = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"n\": 128, \"max_tokens\": %d,"
                + " \"logprobs\": true, \"top_logprobs\": 20, \"stream\": %s}";
        assertThatThrownBy(() -> read(Kind.CHAT, chat.formatted(196, false)))
                .isInstanceOf(ApiException.class)
                .hasMessage("logprobs: expected answers x max_tokens x (most probable tokens + 1) to be at most 524288"
                        + " without stream, found " + 128 * 196 * 21);
        assertThat(read(Kind.CHAT, chat.formatted(195, false)).answerEntries()).isEqualTo(128 * 195 * 21);
        assertThat(read(Kind.CHAT, chat.formatted(400, true)).choices()).isEqualTo(128);
        String completion = "{\"prompt\": [\"a\", \"b\"], \"n\": 64, \"max_tokens\": 400, \"logprobs\": %s}";
        assertThatThrownBy(() -> read(Kind.COMPLETION, completion.formatted("20")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("found " + 128 * 400 * 21);
        assertThat(read(Kind.COMPLETION, completion.formatted("null")).answerEntries())
                .isZero();
    }

    private static ApiRequest read(Kind kind, String body) {
        return reader.read(kind, body.getBytes(StandardCharsets.UTF_8), () -> {});
    }
}
