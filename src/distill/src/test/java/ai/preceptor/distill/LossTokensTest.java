package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.jinja.ChatTemplate;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.testkit.Golden;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LossTokensTest {
    private static final Demonstration TALK = new Demonstration(
            Prompt.chat(),
            Text.chat(Message.user("ab"), Message.assistant("yes"), Message.user("cd"), Message.assistant("no")));
    private static final String MARKED = "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}"
            + "{% generation %}{{ m.content }}!{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}";
    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = Tokenizer.load(Golden.dir("tiny-chat"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static TemplateEncoder encoder(String template) {
        return new TemplateEncoder(tokenizer, ChatTemplate.compile(template), Boundary.REFUSE);
    }

    @Test
    void assistant_learnsWhatTheTemplateMarks() {
        TokenRow row = LossTokens.ASSISTANT.encode(TALK, encoder(MARKED));
        StringBuilder learnt = new StringBuilder();
        for (int i = 0; i < row.completion().length; i++) {
            learnt.append(row.learnt()[i] ? tokenizer.decode(new int[] {row.completion()[i]}, false) : "_");
        }
        assertThat(learnt.toString().replaceAll("_+", "_")).isEqualTo("_yes!_no!");
    }

    @Test
    void assistant_ofATemplateWithoutMarks_isRefused() {
        TemplateEncoder plain = encoder("{% for m in messages %}{{ m.content }}{% endfor %}");
        assertThatThrownBy(() -> LossTokens.ASSISTANT.encode(TALK, plain))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("generation");
    }

    @Test
    void all_learnsThePromptToo_butItsFirstToken() {
        Demonstration row = new Demonstration(Prompt.plain("What is it?"), Text.plain(" It."));
        TemplateEncoder encoder = encoder("{{ messages }}");
        TokenRow completion = LossTokens.COMPLETION.encode(row, encoder);
        TokenRow all = LossTokens.ALL.encode(row, encoder);
        assertThat(all.targets()).isEqualTo(completion.prompt().length + completion.completion().length - 1);
        assertThat(completion.targets()).isEqualTo(completion.completion().length);
    }

    /** All turns of the talk are learnt of the row; what the student answers itself ends before the last. */
    @Test
    void views_ofRowsThatTheStudentAnswers_askForTheLastTurn() {
        TemplateEncoder encoder = encoder(MARKED + "{% if add_generation_prompt %}<assistant>{% endif %}");
        for (LossTokens learnt : List.of(LossTokens.ASSISTANT, LossTokens.ALL, LossTokens.LAST_TURN)) {
            TokenRow row = new RowViews(learnt, TeacherMix.NONE, PrivilegedContext.NONE, List.of(), true)
                    .encode(TALK, encoder);
            assertThat(row.completion()).isEqualTo(learnt.encode(TALK, encoder).completion());
            assertThat(tokenizer.decode(row.asked(), false)).isEqualTo("<user>ab<assistant>yes!<user>cd<assistant>");
            TokenRow own = row.answered(new int[] {4, 5});
            assertThat(own.prompt()).isEqualTo(row.asked());
            assertThat(own.targets()).isEqualTo(2);
        }
    }

    @Test
    void lastTurn_ofBareMessages_learnsTheLastMessageAlone() {
        TemplateEncoder encoder = encoder("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% endif %}");
        TokenRow row = LossTokens.LAST_TURN.encode(TALK, encoder);
        assertThat(tokenizer.decode(row.prompt(), false)).isEqualTo("<user>ab<assistant>yes<user>cd<assistant>");
        assertThat(tokenizer.decode(row.completion(), false)).isEqualTo("no");
        assertThat(row.targets()).isEqualTo(row.completion().length);
        Demonstration plain = new Demonstration(Prompt.plain("What?"), Text.plain(" It."));
        assertThat(LossTokens.LAST_TURN.encode(plain, encoder).prompt())
                .containsExactly(LossTokens.COMPLETION.encode(plain, encoder).prompt());
    }
}
