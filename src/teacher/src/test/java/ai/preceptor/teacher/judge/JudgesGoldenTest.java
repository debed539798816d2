package ai.preceptor.teacher.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.LocalChatModel;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.client.Served;
import ai.preceptor.testkit.Golden;
import ai.preceptor.testkit.ServedReply;
import ai.preceptor.testkit.TeacherServer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The probability and yes_no modes against transformers' logits of a tiny model, locally and as a server gives them. */
class JudgesGoldenTest {
    private static final double TOLERANCE = 1e-4;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private JsonNode cases;

    @BeforeEach
    void read() throws IOException {
        cases = JSON.readTree(resource("judges.json")).path("cases");
        assertThat(cases.size()).isEqualTo(3);
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(JudgesGoldenTest.class.getResourceAsStream(name), name);
    }

    private Path copy(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            try (InputStream in = resource(name)) {
                Files.copy(in, file);
            }
        }
        return file;
    }

    private JudgeSettings settings(TeacherMode mode, String template, List<String> labels) throws IOException {
        Path principles = Files.writeString(directory.resolve("principles.txt"), "help first.\n");
        return new JudgeSettings(mode, copy(template), 512, 1, null, principles, labels, null);
    }

    private void check(ChatModel model) throws IOException {
        JudgeSettings pairs = settings(TeacherMode.PROBABILITY, "judge-probability.txt", null);
        JudgeSettings single = settings(TeacherMode.YES_NO, "judge-yes_no.txt", List.of("Y", "N"));
        for (JsonNode one : cases) {
            Prompt prompt = Prompt.user(one.path("prompt").asText());
            String first = one.path("first").asText();
            String second = one.path("second").asText();
            Comparison comparison = new Comparison(prompt, prompt.reply(first), prompt.reply(second));
            assertThat(pairs.judge(model, 0).compare(List.of(comparison)).get(0).preference())
                    .as("%s", one)
                    .isCloseTo(one.path("probability").doubleValue(), within(TOLERANCE));
            List<Score> scores =
                    single.scorer(model, 0).score(List.of(Answer.of(prompt, first), Answer.of(prompt, second)));
            assertThat(scores.get(0).value()).isCloseTo(difference(one, "yes_no_first"), within(TOLERANCE));
            assertThat(scores.get(1).value()).isCloseTo(difference(one, "yes_no_second"), within(TOLERANCE));
        }
    }

    private static double difference(JsonNode one, String key) {
        return one.path(key).path(0).doubleValue() - one.path(key).path(1).doubleValue();
    }

    @Test
    void local_equalsTransformers() throws IOException {
        Path model = Golden.dir("tiny-chat");
        try (Torch torch = Torch.open("cpu", 1);
                Tokenizer tokenizer = Tokenizer.load(model);
                LanguageModel loaded = LanguageModel.load(torch, model, LoadOptions.FROZEN);
                CallLedger ledger = CallLedger.inMemory()) {
            TemplateEncoder encoder = TemplateEncoder.load(model, tokenizer, Boundary.REFUSE);
            check(new LocalChatModel(
                    "tiny", "tiny", loaded, encoder, new Generator(loaded, encoder.tokenizer()), ledger));
        }
    }

    /** A server that has transformers' numbers, among the alternatives of other words. */
    private ServedReply reply(TeacherServer.Call call) {
        String question = call.question();
        for (JsonNode one : cases) {
            String prompt = one.path("prompt").asText();
            String first = one.path("first").asText();
            String second = one.path("second").asText();
            Map<String, String> known = Map.of(
                    prompt + "\nA: " + first + "\nB: " + second + "\nBetter?", "as_asked",
                    prompt + "\nA: " + second + "\nB: " + first + "\nBetter?", "turned",
                    prompt + "\nAnswer: " + first + "\nRight?", "yes_no_first",
                    prompt + "\nAnswer: " + second + "\nRight?", "yes_no_second");
            String key = known.get(question);
            if (key != null) {
                boolean pair = question.endsWith("Better?");
                return alternatives(pair ? List.of("A", "B") : List.of("Y", "N"), one.path(key));
            }
        }
        return ServedReply.error(400, "not one of the questions: " + question);
    }

    private static ServedReply alternatives(List<String> words, JsonNode logprobs) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "length");
        choice.putObject("message").put("role", "assistant").put("content", "the");
        ObjectNode token = choice.putObject("logprobs").putArray("content").addObject();
        token.put("token", "the").put("logprob", -0.5);
        ArrayNode top = token.putArray("top_logprobs");
        top.addObject().put("token", "the").put("logprob", -0.5);
        for (int i = 1; i >= 0; i--) {
            top.addObject()
                    .put("token", words.get(i))
                    .put("logprob", logprobs.path(i).doubleValue());
        }
        root.putObject("usage").put("prompt_tokens", 60).put("completion_tokens", 1);
        return ServedReply.json(200, Map.of(), root.toString());
    }

    @Test
    void served_equalsTransformers() throws IOException {
        try (TeacherServer server = TeacherServer.start(this::reply);
                Served served = Served.open(Served.options(server))) {
            check(served.teacher());
            assertThat(server.calls())
                    .allMatch(call -> call.body().path("top_logprobs").intValue() == 20
                            && call.body().path("max_tokens").intValue() == 1);
            assertThat(server.calls()).hasSize(12);
            check(served.teacher());
            assertThat(server.calls()).as("answered from the ledger").hasSize(12);
        }
    }
}
