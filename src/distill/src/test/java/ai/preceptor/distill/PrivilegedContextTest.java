package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.testkit.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrivilegedContextTest {
    private static final PrivilegedContext HINT = new PrivilegedContext("hint", null);
    private static final Map<String, Object> COLUMNS = Map.of("hint", "Use {prompt} $1.");

    private static Demonstration plain() {
        return new Demonstration(new Prompt(Text.plain("2 + 2?"), COLUMNS), Text.plain("4"));
    }

    private static Demonstration chat(Message... turns) {
        return new Demonstration(new Prompt(Text.chat(turns), COLUMNS), Text.chat(Message.assistant("4")));
    }

    /** What is filled in is not searched, and is no pattern. */
    @Test
    void shown_addsTheTextToThePrompt() {
        assertThat(HINT.shown(plain()).prompt().text()).isEqualTo(Text.plain("2 + 2?\n\nUse {prompt} $1."));
        assertThat(HINT.shown(plain()).completion()).isEqualTo(Text.plain("4"));
        assertThat(new PrivilegedContext("hint", "{privileged_context} | {prompt}")
                        .shown(plain())
                        .prompt()
                        .text())
                .isEqualTo(Text.plain("Use {prompt} $1. | 2 + 2?"));
        assertThat(PrivilegedContext.NONE.shown(plain())).isEqualTo(plain());
    }

    @Test
    void shown_ofAConversation_isItsLastMessage() {
        Text text = HINT.shown(chat(Message.user("Hello"), Message.assistant("Hi"), Message.user("2 + 2?")))
                .prompt()
                .text();
        assertThat(text)
                .isEqualTo(Text.chat(
                        Message.user("Hello"), Message.assistant("Hi"), Message.user("2 + 2?\n\nUse {prompt} $1.")));
    }

    @Test
    void shown_withoutTheColumnOrAPrompt_isRefused() {
        assertThatThrownBy(() -> new PrivilegedContext("advice", null).shown(plain()))
                .isInstanceOf(EncodingException.class)
                .hasMessage("privileged_context: expected a text in column advice, found none");
        assertThatThrownBy(() -> HINT.shown(chat()))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("expected a prompt to add it to");
    }

    /** Teacher and student differ in their prompts only; of bare messages the last one is the answer. */
    @Test
    void encoded_theAnswersTokensAreTheSame() {
        RowViews views = new RowViews(LossTokens.LAST_TURN, TeacherMix.NONE, HINT, List.of());
        Demonstration bare = new Demonstration(
                new Prompt(Text.chat(), COLUMNS), Text.chat(Message.user("2 + 2?"), Message.assistant("4")));
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"))) {
            TemplateEncoder encoder = TemplateEncoder.load(Golden.dir("tiny-chat"), tokenizer, Boundary.REFUSE);
            for (Demonstration row : List.of(plain(), chat(Message.user("2 + 2?")), bare)) {
                TokenRow encoded = views.encode(row, encoder);
                TokenRow seen = encoded.seenBy(1);
                assertThat(seen.completion()).containsExactly(encoded.completion());
                assertThat(seen.targets()).isEqualTo(encoded.targets());
                assertThat(encoder.decode(seen.prompt(), true)).contains("2 + 2?\n\nUse {prompt} $1.");
                assertThat(encoder.decode(encoded.prompt(), true))
                        .contains("2 + 2?")
                        .doesNotContain("Use");
            }
        }
    }

    /** With tokens of their own the others would encode a row that they never see, and may not be able to. */
    @Test
    void encoded_onlyByTheTeacherThatIsSelected() {
        TeacherMix mix = new TeacherMix(KdLossMode.SELECT_TEACHER, null, "who", List.of("a", "b"));
        Demonstration row = new Demonstration(new Prompt(Text.plain("2 + 2?"), Map.of("who", "b")), Text.plain("4"));
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"))) {
            TemplateEncoder encoder = TemplateEncoder.load(Golden.dir("tiny-chat"), tokenizer, Boundary.REFUSE);
            List<String> asked = new ArrayList<>();
            List<PromptEncoder> own = List.of(named("a", encoder, asked), named("b", encoder, asked));
            TokenRow encoded =
                    new RowViews(LossTokens.LAST_TURN, mix, PrivilegedContext.NONE, own).encode(row, encoder);
            assertThat(asked).containsOnly("b");
            assertThat(encoded.view().teacher()).isEqualTo(1);
            assertThat(encoded.seenBy(1).prompt()).containsExactly(encoded.prompt());
            asked.clear();
            new RowViews(LossTokens.LAST_TURN, TeacherMix.NONE, PrivilegedContext.NONE, own).encode(row, encoder);
            assertThat(asked).contains("a", "b");
        }
    }

    private static PromptEncoder named(String name, PromptEncoder encoder, List<String> asked) {
        return new PromptEncoder() {
            @Override
            public int[] prompt(Prompt prompt) {
                asked.add(name);
                return encoder.prompt(prompt);
            }

            @Override
            public int[] completion(Prompt prompt, Text completion) {
                asked.add(name);
                return encoder.completion(prompt, completion);
            }

            @Override
            public String decode(int[] ids, boolean skipSpecial) {
                return encoder.decode(ids, skipSpecial);
            }
        };
    }

    @Test
    void settingsThatDoNotFit_areRefused() {
        assertThatThrownBy(() -> new PrivilegedContext(null, "x"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("teacher_prompt_template: expected none without privileged_context");
        assertThatThrownBy(() -> new PrivilegedContext("hint", "{prompt}"))
                .hasMessageContaining("expected [{privileged_context}] in it, found \"{prompt}\"");
        assertThatThrownBy(() -> new PrivilegedContext(" ", null)).hasMessageContaining("the name of a column");
    }
}
