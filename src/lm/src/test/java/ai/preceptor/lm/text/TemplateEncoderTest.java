package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.jinja.ChatTemplate;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers are ids that transformers 5.23.0 and TRL 1.16.0 make with the golden tokenizer. */
class TemplateEncoderTest {
    private static final int[] RIVER = {
        1, 297, 267, 201, 48, 341, 71, 260, 321, 75, 343, 16, 2, 201, 1, 302, 85, 374, 429, 201
    };
    private static final int[] NILE = {54, 262, 223, 48, 75, 282, 16, 2, 201};

    private static Tokenizer tokenizer;
    private static TemplateEncoder encoder;

    @TempDir
    Path directory;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(Golden.dir("tiny-chat"));
        encoder = TemplateEncoder.load(Golden.dir("tiny-chat"), tokenizer, Boundary.REFUSE);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static TemplateEncoder with(String template, Boundary boundary) {
        return new TemplateEncoder(tokenizer, ChatTemplate.compile(template), boundary);
    }

    @Test
    void prompt_conversation_endsWithTheGenerationPrompt() {
        assertThat(encoder.prompt(Prompt.user("Name a river."))).containsExactly(RIVER);
    }

    @Test
    void render_aRowWithTools_takesTheTemplateForThem() throws IOException {
        Path config = directory.resolve("tokenizer_config.json");
        Files.writeString(config, """
                {"chat_template": [{"name": "default", "template": "D"}, {"name": "tool_use", "template": "T{{ tools|length }}"}]}
                """);
        assertToolUse();
        Files.writeString(config, "{}");
        Files.writeString(directory.resolve("chat_template.jinja"), "D");
        Files.writeString(
                Files.createDirectory(directory.resolve("additional_chat_templates"))
                        .resolve("tool_use.jinja"),
                "T{{ tools|length }}");
        assertToolUse();
    }

    private void assertToolUse() {
        TemplateEncoder own = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
        Prompt plain = Prompt.user("x");
        List<Message> messages = List.of(Message.user("x"));
        Prompt row = new Prompt(plain.text(), Map.of("tools", List.of(Map.of())));
        assertThat(own.render(plain, messages, true)).isEqualTo("D");
        assertThat(own.render(row, messages, true)).isEqualTo("T1");
        assertThat(own.withTools(List.of(1, 2), null).render(plain, messages, true))
                .isEqualTo("T2");
        assertThat(own.ofToolTurns().render(plain, messages, true)).isEqualTo("T0");
        assertThat(encoder.ofToolTurns().render(plain, messages, true))
                .isEqualTo(encoder.render(plain, messages, true));
    }

    @Test
    void takesParts_whereTheTemplateWritesTheirText() {
        assertThat(encoder.takesParts()).isFalse();
        String parts = "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}"
                + "{% for part in m.content %}{{ part.text }} {% endfor %}{% endif %}{% endfor %}";
        assertThat(with(parts, Boundary.REFUSE).takesParts()).isTrue();
        for (String text : List.of(
                "{{ messages[0].content }}",
                "{{ messages[0].content | tojson }}",
                "{{ 'x' + messages[0].content }}",
                "nothing",
                "{{ raise_exception('no system message') }}")) {
            assertThat(with(text, Boundary.REFUSE).takesParts()).as(text).isFalse();
        }
        assertThat(new TemplateEncoder(tokenizer, null, Boundary.REFUSE).takesParts())
                .isFalse();
    }

    @Test
    void templateArguments_thatAreSetForThem_areRefused() {
        Prompt plain = Prompt.user("x");
        for (String name : List.of("messages", "add_generation_prompt")) {
            Prompt row = new Prompt(plain.text(), Map.of("chat_template_kwargs", Map.of(name, false)));
            assertThatThrownBy(() -> encoder.prompt(row))
                    .isInstanceOf(EncodingException.class)
                    .hasMessage("column \"chat_template_kwargs\": expected variables other than messages,"
                            + " add_generation_prompt, found " + name);
        }
    }

    @Test
    void completion_conversation_isWhatTheTemplateAddsAfterIt() {
        Prompt prompt = Prompt.user("Name a river.");
        assertThat(encoder.completion(prompt, Text.chat(Message.assistant("The Nile."))))
                .containsExactly(NILE);
        assertThat(encoder.completion(prompt, Text.plain("The Nile."))).containsExactly(NILE);
        assertThat(encoder.decode(NILE, true)).isEqualTo("The Nile.\n");
    }

    @Test
    void completion_plain_endsWithOneEndOfSequence() {
        Prompt prompt = Prompt.plain("Q: two?\nA:");
        assertThat(encoder.prompt(prompt)).containsExactly(51, 28, 259, 89, 81, 33, 201, 35, 28);
        assertThat(encoder.completion(prompt, Text.plain(" 2"))).containsExactly(223, 20, 2);
        assertThat(encoder.completion(prompt, Text.plain(" 2<|im_end|>"))).containsExactly(223, 20, 2);
        assertThat(encoder.completion(prompt, Text.plain(""))).containsExactly(2);
    }

    @Test
    void encode_goldenPairs_sharesThePromptAndSpellsTheWhole() {
        for (JsonNode row : Golden.lines("pairs.jsonl")) {
            Prompt prompt = new Prompt(chat(row.get("prompt")));
            List<Text> answers = List.of(chat(row.get("chosen")), chat(row.get("rejected")));
            Encoded encoded = encoder.encode(prompt, answers);
            assertThat(encoded.moved()).isZero();
            assertThat(encoded.prompt()).containsExactly(encoder.prompt(prompt));
            int longest = 0;
            for (int i = 0; i < 2; i++) {
                int[] ids = encoded.completions().get(i);
                String text = ((Text.Chat) answers.get(i)).messages().get(0).content();
                assertThat(encoder.decode(ids, false)).isEqualTo(text + "<|im_end|>\n");
                longest = Math.max(longest, encoded.prompt().length + ids.length);
            }
            assertThat(encoded.longest()).isEqualTo(longest);
        }
    }

    private static Text chat(JsonNode messages) {
        List<Message> list = new ArrayList<>();
        messages.forEach(message -> list.add(new Message(
                message.get("role").textValue(), message.get("content").textValue())));
        return new Text.Chat(list);
    }

    /** " t" is one token, " the" another: the prompt's last token is none of the whole's. */
    @Test
    void completion_tokenAcrossTheBoundary_isRefusedWithItsPlace() {
        assertThatThrownBy(() -> encoder.completion(Prompt.plain("ab t"), Text.plain("he")))
                .isInstanceOf(EncodingException.class)
                .hasMessageStartingWith("prompt: its ids are not the beginning of those of prompt and completion: index"
                        + " 1 of 2 holds 259 \" t\" alone, and 269 \" the\" before the completion");
    }

    @Test
    void encode_boundaryMoves_toWhereEveryCompletionAgrees() {
        TemplateEncoder moving = TemplateEncoder.load(Golden.dir("tiny-chat"), tokenizer, Boundary.MOVE);
        Encoded encoded = moving.encode(Prompt.plain("ab t"), List.of(Text.plain("he"), Text.plain(" x")));
        assertThat(encoded.moved()).isEqualTo(1);
        assertThat(encoded.prompt()).containsExactly(tokenizer.encode("ab", true));
        assertThat(encoded.completions().get(0)).containsExactly(269, 2);
        assertThat(encoded.completions().get(1)).startsWith(259).endsWith(2);
        assertThatThrownBy(() -> moving.completion(Prompt.plain("ab t"), Text.plain("he")))
                .isInstanceOf(EncodingException.class);
    }

    @Test
    void encode_emptyConversation_isAllCompletion() {
        Prompt nothing = Prompt.chat();
        assertThat(encoder.prompt(nothing)).isEmpty();
        int[] ids = encoder.completion(nothing, Text.chat(Message.user("hi"), Message.assistant("yo")));
        assertThat(encoder.decode(ids, false))
                .isEqualTo("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nyo<|im_end|>\n");
    }

    /** Transformers reads it so too; who does not want it must clean messages before. */
    @Test
    void prompt_messageThatSpellsASpecialToken_becomesIt() {
        int[] ids = encoder.prompt(Prompt.user("a<|im_end|>b"));
        assertThat(java.util.Arrays.stream(ids).filter(id -> id == 2)).hasSize(2);
    }

    @Test
    void prompt_variables_areSpecialTokensToolsAndArguments() {
        TemplateEncoder shows = with(
                "{{ bos_token }},{{ eos_token }},{{ sep_token is defined }},{{ tools is none }},{{ documents is none }},"
                        + "{{ mode }},{{ messages[0].name is defined }}",
                Boundary.REFUSE);
        Prompt bare = Prompt.user("x");
        assertThat(shows.decode(shows.prompt(bare), false))
                .isEqualTo("<|endoftext|>,<|im_end|>,False,True,True,,False");
        Prompt full = new Prompt(
                bare.text(),
                Map.of("tools", "[{\"name\": \"t\"}]", "chat_template_kwargs", Map.of("mode", "m", "bos_token", "B")));
        assertThat(shows.decode(shows.prompt(full), false)).isEqualTo("B,<|im_end|>,False,False,True,m,False");
        TemplateEncoder tools = with("{{ tools[0].name }}", Boundary.REFUSE);
        assertThat(tools.decode(tools.prompt(full), false)).isEqualTo("t");
        TemplateEncoder documents = with("{{ documents[0].text if documents else 'none' }}", Boundary.REFUSE);
        Prompt found = new Prompt(bare.text(), Map.of("documents", List.of(Map.of("title", "a", "text", "d"))));
        assertThat(documents.decode(documents.prompt(found), false)).isEqualTo("d");
        assertThat(documents.decode(documents.prompt(new Prompt(bare.text(), Map.of("documents", "d"))), false))
                .isEqualTo("none");
        assertThat(tools.decode(
                        tools.prompt(new Prompt(bare.text(), Map.of("tools", List.of(Map.of("name", "u"))))), false))
                .isEqualTo("u");
    }

    @Test
    void prompt_badColumns_areRefused() {
        Text text = Prompt.user("x").text();
        assertThatThrownBy(() -> encoder.prompt(new Prompt(text, Map.of("tools", "[{"))))
                .isInstanceOf(EncodingException.class)
                .hasMessageStartingWith("column \"tools\": expected a list, or JSON text of one, found [{");
        assertThatThrownBy(() -> encoder.prompt(new Prompt(text, Map.of("chat_template_kwargs", 3))))
                .isInstanceOf(EncodingException.class)
                .hasMessage("column \"chat_template_kwargs\": expected an object, found 3");
    }

    @Test
    void completion_templateThatWritesThePromptDifferently_isRefusedOrMoves() {
        String template =
                "{% for m in messages %}{{ m.content }}{% endfor %}{% if add_generation_prompt %}A:{% else %}."
                        + "{% endif %}";
        Prompt prompt = Prompt.user("Q");
        Text answer = Text.plain("x");
        assertThatThrownBy(() -> with(template, Boundary.REFUSE).encode(prompt, List.of(answer)))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("index 1 of 3");
        Encoded moved = with(template, Boundary.MOVE).encode(prompt, List.of(answer));
        assertThat(moved.moved()).isEqualTo(2);
        assertThat(encoder.decode(moved.completions().get(0), false)).isEqualTo("x.");
    }

    @Test
    void completion_templateThatAddsNothing_isRefused() {
        TemplateEncoder deaf = with("{{ messages[0].content }}", Boundary.MOVE);
        assertThatThrownBy(() -> deaf.encode(Prompt.user("Q"), List.of(Text.plain("x"))))
                .isInstanceOf(EncodingException.class)
                .hasMessage("completion: it adds no token after the prompt's 1");
    }

    @Test
    void prompt_templateRefuses_tellsItsWords() {
        assertThatThrownBy(() -> with("{{ raise_exception('no system turns') }}", Boundary.REFUSE)
                        .prompt(Prompt.user("x")))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("no system turns");
    }

    @Test
    void encode_formsThatDoNotFit_areRefused() {
        assertThatThrownBy(() -> encoder.completion(Prompt.plain("x"), Text.chat(Message.assistant("y"))))
                .isInstanceOf(EncodingException.class)
                .hasMessage("completion: expected plain text after a plain prompt, found messages");
        assertThatThrownBy(() -> new TemplateEncoder(tokenizer, null, Boundary.REFUSE).prompt(Prompt.user("x")))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("messages need a chat template, and the model has none");
    }

    @Test
    void completion_tokenizerWithoutEnd_isRefused() throws IOException {
        Files.copy(Golden.file("tiny-chat/tokenizer.json"), directory.resolve("tokenizer.json"));
        try (Tokenizer endless = Tokenizer.load(directory)) {
            TemplateEncoder plain = TemplateEncoder.load(directory, endless, Boundary.REFUSE);
            assertThatThrownBy(() -> plain.completion(Prompt.plain("x"), Text.plain("y")))
                    .isInstanceOf(EncodingException.class)
                    .hasMessageContaining("end-of-sequence token, and the tokenizer names none");
        }
    }

    @Test
    void load_templateThatDoesNotCompile_namesTheDirectory() throws IOException {
        Files.writeString(directory.resolve("chat_template.jinja"), "{% for %}");
        assertThatThrownBy(() -> TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(directory + ": chat template, line 1: ");
    }
}
