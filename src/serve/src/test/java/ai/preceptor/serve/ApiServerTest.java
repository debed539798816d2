package ai.preceptor.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is answered. */
class ApiServerTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETE = "/v1/completions";
    private static final String HELLO = "\"messages\": [{\"role\": \"user\", \"content\": \"Say number 3\"}]";

    private static List<Completion> expected;
    private static ServedTiny tiny;

    @BeforeAll
    static void start() {
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"), LoadOptions.FROZEN)) {
            expected = student.generate(List.of(Prompt.user("Say number 3")), 1, SamplingOptions.greedy(24))
                    .get(0);
        }
        tiny = ServedTiny.start();
    }

    @AfterAll
    static void stop() {
        tiny.close();
    }

    private static String chat(String more) {
        return "{\"model\": \"tiny\", " + HELLO + ", " + more + "}";
    }

    @Test
    void chat_greedy_isTheModelsOwnAnswer() {
        JsonNode reply = tiny.ask(CHAT, chat("\"temperature\": 0, \"max_tokens\": 24"));
        Completion own = expected.get(0);
        assertThat(reply.path("object").asText()).isEqualTo("chat.completion");
        assertThat(reply.path("id").asText()).startsWith("chatcmpl-");
        assertThat(reply.path("model").asText()).isEqualTo("tiny");
        JsonNode choice = reply.path("choices").path(0);
        assertThat(choice.path("message").path("role").asText()).isEqualTo("assistant");
        assertThat(choice.path("message").path("content").asText())
                .isEqualTo(own.text())
                .isNotEmpty();
        assertThat(choice.path("finish_reason").asText())
                .isEqualTo(own.finishReason().name().toLowerCase(Locale.ROOT));
        assertThat(choice.has("logprobs") && choice.path("logprobs").isNull()).isTrue();
        int prompt = tiny.student.encoder().prompt(Prompt.user("Say number 3")).length;
        assertThat(reply.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + own.length()
                        + ",\"total_tokens\":" + (prompt + own.length()) + "}");
    }

    @Test
    void chat_partsAndNewerName_areReadToo() {
        String body = "{\"messages\": [{\"role\": \"user\", \"content\": %s}], \"temperature\": 0,"
                + " \"max_completion_tokens\": 24}";
        String part = "{\"type\": \"text\", \"text\": \"%s\"}";
        String one = body.formatted("[" + part.formatted("Say number 3") + "]");
        assertThat(content(tiny.ask(CHAT, one), 0)).isEqualTo(expected.get(0).text());
        String two = body.formatted("[" + part.formatted("Say") + ", " + part.formatted("number 3") + "]");
        JsonNode whole = tiny.ask(CHAT, body.formatted("\"Say\\nnumber 3\""));
        assertThat(tiny.ask(CHAT, two).path("choices")).isEqualTo(whole.path("choices"));
    }

    @Test
    void chat_streamed_piecesAreTheWholeAnswer() {
        String wanted = "\"seed\": 7, \"max_tokens\": 60, \"n\": 2";
        JsonNode whole = tiny.ask(CHAT, chat(wanted));
        List<JsonNode> events =
                tiny.stream(CHAT, chat(wanted + ", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));
        for (int index = 0; index < 2; index++) {
            List<JsonNode> own = ofChoice(events, index);
            assertThat(own.get(0).path("delta").toString()).isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
            List<String> pieces = own.stream()
                    .map(choice -> choice.path("delta").path("content").asText(""))
                    .toList();
            assertThat(String.join("", pieces)).isEqualTo(content(whole, index));
            assertThat(pieces.stream().filter(piece -> !piece.isEmpty()))
                    .as("it came in pieces, none of which ends in half a pair")
                    .hasSizeGreaterThan(5)
                    .noneMatch(piece -> Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
            assertThat(own.get(own.size() - 1).path("finish_reason").asText())
                    .isEqualTo(whole.path("choices")
                            .path(index)
                            .path("finish_reason")
                            .asText());
            assertThat(own.subList(0, own.size() - 1))
                    .allMatch(choice -> choice.path("finish_reason").isNull());
        }
        JsonNode last = events.get(events.size() - 1);
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.path("usage")).isEqualTo(whole.path("usage"));
        assertThat(events.subList(0, events.size() - 1))
                .allMatch(event -> event.path("object").asText().equals("chat.completion.chunk")
                        && event.path("usage").isNull()
                        && event.path("id").equals(last.path("id")));
    }

    /** The model writes bytes of characters one by one; a client must never see half of one. */
    @Test
    void chat_streamedBytes_areNeverTorn() {
        int[] ids = tiny.student.encoder().tokenizer().encode("\ud83e\udd99", false);
        assertThat(ids).hasSizeGreaterThan(2);
        StringBuilder bias = new StringBuilder();
        for (int id : ids) {
            bias.append(bias.isEmpty() ? "" : ", ").append(id);
        }
        String wanted = "\"seed\": 5, \"max_tokens\": 200, \"temperature\": 2, \"min_tokens\": 200,"
                + " \"allowed_token_ids\": [" + bias + "]";
        String whole = content(tiny.ask(CHAT, chat(wanted)), 0);
        List<String> pieces = ofChoice(tiny.stream(CHAT, chat(wanted + ", \"stream\": true")), 0).stream()
                .map(choice -> choice.path("delta").path("content").asText(""))
                .toList();
        assertThat(String.join("", pieces)).isEqualTo(whole);
        assertThat(whole.codePoints().filter(one -> one > 0xFFFF))
                .as("characters of four bytes")
                .isNotEmpty();
        assertThat(pieces.stream().filter(piece -> !piece.isEmpty()))
                .noneMatch(piece -> Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
    }

    @Test
    void chat_logprobs_areOfTheTokensWhoseBytesAreTheText() {
        String wanted = "\"seed\": 3, \"max_tokens\": 30, \"logprobs\": true, \"top_logprobs\": 5";
        JsonNode choice = tiny.ask(CHAT, chat(wanted)).path("choices").path(0);
        JsonNode tokens = choice.path("logprobs").path("content");
        assertThat(tokens.size()).isBetween(1, 30);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (JsonNode token : tokens) {
            token.path("bytes").forEach(one -> bytes.write(one.asInt()));
            JsonNode top = token.path("top_logprobs");
            assertThat(top).hasSize(5);
            for (int i = 1; i < 5; i++) {
                assertThat(top.path(i).path("logprob").asDouble())
                        .isLessThanOrEqualTo(top.path(i - 1).path("logprob").asDouble());
            }
            assertThat(token.path("logprob").asDouble())
                    .isLessThanOrEqualTo(top.path(0).path("logprob").asDouble())
                    .isNegative();
        }
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .startsWith(choice.path("message").path("content").asText());
        List<JsonNode> streamed = new ArrayList<>();
        ofChoice(tiny.stream(CHAT, chat(wanted + ", \"stream\": true")), 0)
                .forEach(one -> one.path("logprobs").path("content").forEach(streamed::add));
        assertThat(streamed).containsExactlyElementsOf(tokens);
    }

    @Test
    void completion_ofTextIdsAndLists_areTheSame_andIndexedInOrder() {
        int[] ids = tiny.student.encoder().prompt(Prompt.plain("To be"));
        String written = Arrays.toString(ids);
        String rest = ", \"temperature\": 0, \"max_tokens\": 6}";
        String one = tiny.ask(COMPLETE, "{\"prompt\": \"To be\"" + rest)
                .at("/choices/0/text")
                .asText();
        assertThat(one).isNotEmpty();
        assertThat(tiny.ask(COMPLETE, "{\"prompt\": " + written + rest)
                        .at("/choices/0/text")
                        .asText())
                .isEqualTo(one);
        JsonNode several = tiny.ask(
                COMPLETE, "{\"prompt\": [\"Or not\", " + "\"To be\"], \"n\": 2, \"seed\": 1, \"max_tokens\": 6}");
        assertThat(several.path("choices")).hasSize(4);
        assertThat(several.path("object").asText()).isEqualTo("text_completion");
        for (int i = 0; i < 4; i++) {
            assertThat(several.path("choices").path(i).path("index").asInt()).isEqualTo(i);
        }
        JsonNode alike =
                tiny.ask(COMPLETE, "{\"prompt\": [" + written + ", " + written + "], \"seed\": 1, \"max_tokens\": 20}");
        assertThat(alike.at("/choices/0/text")).isNotEqualTo(alike.at("/choices/1/text"));
        assertThat(tiny.ask(COMPLETE, "{\"prompt\": \"To be\"}")
                        .at("/usage/completion_tokens")
                        .asInt())
                .as("16 where nothing is said")
                .isLessThanOrEqualTo(16);
    }

    @Test
    void completion_logprobs_haveTheLegacyForm() {
        String wanted = "{\"prompt\": \"To be\", \"seed\": 2, \"max_tokens\": 12, \"logprobs\": 3";
        JsonNode choice = tiny.ask(COMPLETE, wanted + "}").path("choices").path(0);
        JsonNode logprobs = choice.path("logprobs");
        int count = logprobs.path("tokens").size();
        assertThat(count).isPositive();
        assertThat(logprobs.path("token_logprobs")).hasSize(count);
        assertThat(logprobs.path("top_logprobs")).hasSize(count);
        int offset = 0;
        for (int i = 0; i < count; i++) {
            String token = logprobs.path("tokens").path(i).asText();
            assertThat(logprobs.path("text_offset").path(i).asInt()).isEqualTo(offset);
            offset += token.length();
            JsonNode top = logprobs.path("top_logprobs").path(i);
            assertThat(top.size()).isBetween(1, 4);
            assertThat(top.path(token))
                    .isEqualTo(logprobs.path("token_logprobs").path(i));
        }
        List<JsonNode> offsets = new ArrayList<>();
        ofChoice(tiny.stream(COMPLETE, wanted + ", \"stream\": true}"), 0)
                .forEach(one -> one.path("logprobs").path("text_offset").forEach(offsets::add));
        assertThat(offsets).containsExactlyElementsOf(logprobs.path("text_offset"));
    }

    @Test
    void stopString_endsTheAnswerBeforeIt_andNeverShows() {
        String text = expected.get(0).text();
        String stop = text.substring(text.length() / 2, text.length() / 2 + 3);
        String wanted = "\"temperature\": 0, \"max_tokens\": 24, \"stop\": [\"never\", " + quoted(stop) + "]";
        JsonNode whole = tiny.ask(CHAT, chat(wanted));
        assertThat(content(whole, 0)).isEqualTo(text.substring(0, text.indexOf(stop)));
        assertThat(whole.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        StringBuilder streamed = new StringBuilder();
        for (JsonNode choice : ofChoice(tiny.stream(CHAT, chat(wanted + ", \"stream\": true")), 0)) {
            streamed.append(choice.path("delta").path("content").asText(""));
            assertThat(text).startsWith(streamed.toString());
            assertThat(streamed.toString()).doesNotContain(stop);
        }
        assertThat(streamed.toString()).isEqualTo(content(whole, 0));
    }

    @Test
    void samplingFields_reachTheEngine() {
        String greedy = content(tiny.ask(CHAT, chat("\"temperature\": 0, \"max_tokens\": 24")), 0);
        assertThat(content(tiny.ask(CHAT, chat("\"top_k\": 1, \"max_tokens\": 24")), 0))
                .isEqualTo(greedy);
        assertThat(content(tiny.ask(CHAT, chat("\"top_p\": 1e-9, \"seed\": 4, \"max_tokens\": 24")), 0))
                .isEqualTo(greedy);
        int[] only = tiny.student.encoder().tokenizer().encode("e", false);
        String biased = "\"temperature\": 0, \"max_tokens\": 4, \"logit_bias\": {\"" + only[0] + "\": 100}";
        assertThat(content(tiny.ask(CHAT, chat(biased)), 0)).isEqualTo("eeee");
        String penalized = biased + ", \"repetition_penalty\": 1000, \"frequency_penalty\": 2, \"presence_penalty\": 2";
        assertThat(tiny.ask(CHAT, chat(penalized)).path("choices")).hasSize(1);
    }

    @Test
    void seed_sameRequest_givesTheSameAnswer_aloneAndBesideOthers() {
        String wanted = chat("\"seed\": 11, \"max_tokens\": 40, \"logprobs\": true");
        JsonNode alone = tiny.ask(CHAT, wanted).path("choices");
        assertThat(tiny.ask(CHAT, wanted).path("choices")).isEqualTo(alone);
        List<CompletableFuture<HttpResponse<String>>> others = IntStream.range(0, 32)
                .mapToObj(i -> tiny.later(
                        CHAT,
                        i % 8 == 3
                                ? wanted
                                : "{\"messages\": [{\"role\": \"user\", \"content\": \"Number " + "x".repeat(i)
                                        + "\"}], \"max_tokens\": " + (10 + i) + "}"))
                .toList();
        for (int i = 0; i < others.size(); i++) {
            JsonNode reply = ServedTiny.json(others.get(i).join());
            if (i % 8 == 3) {
                assertThat(reply.path("choices")).isEqualTo(alone);
            }
        }
        JsonNode unseeded = tiny.ask(CHAT, chat("\"max_tokens\": 40"));
        assertThat(tiny.ask(CHAT, chat("\"max_tokens\": 40")).path("choices"))
                .as("without a seed each request gets its own")
                .isNotEqualTo(unseeded.path("choices"));
        JsonNode three = tiny.ask(CHAT, chat("\"n\": 3, \"seed\": 11, \"max_tokens\": 40"));
        assertThat(IntStream.range(0, 3).mapToObj(i -> content(three, i))).doesNotHaveDuplicates();
    }

    @Test
    void models_areListedAndFoundByName() {
        JsonNode list = ServedTiny.json(tiny.get("/v1/models"));
        assertThat(list.at("/data/0/id").asText()).isEqualTo("tiny");
        assertThat(list.at("/data/0/max_model_len").asInt()).isEqualTo(512);
        assertThat(list.at("/data/0/rollout_dtype").asText()).isEqualTo("none");
        assertThat(ServedTiny.json(tiny.get("/v1/models/tiny"))).isEqualTo(list.at("/data/0"));
        assertThat(ServedTiny.json(tiny.get("/health")).path("status").asText()).isEqualTo("ok");
    }

    private static String quoted(String text) {
        return ServedTiny.JSON.valueToTree(text).toString();
    }

    private static String content(JsonNode reply, int index) {
        return reply.path("choices").path(index).path("message").path("content").asText();
    }

    private static List<JsonNode> ofChoice(List<JsonNode> events, int index) {
        return events.stream()
                .flatMap(event -> IntStream.range(0, event.path("choices").size())
                        .mapToObj(i -> event.path("choices").path(i)))
                .filter(choice -> choice.path("index").asInt() == index)
                .toList();
    }
}
