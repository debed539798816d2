package ai.preceptor.teacher.demonstration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerContextTest {
    private static final long SEED = 20261129;

    private static final Demonstration CHAT = new Demonstration(
            Prompt.chat(Message.system("be brief"), Message.user("1 + 1")), Text.chat(Message.assistant("2")));

    private static Demonstration demonstration(int number) {
        return new Demonstration(Prompt.plain("p" + number), Text.plain("c" + number));
    }

    private static DemonstrationPool pool(int size, int count, long seed) {
        List<Demonstration> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(demonstration(i));
        }
        return new DemonstrationPool(all, count, seed);
    }

    @Test
    void before_aConversation_comeOneSystemMessageAndTheTurns() {
        Prompt asked =
                new Prompt(Text.chat(Message.system("in English"), Message.user("2 + 2")), Map.of("answer", "4"));
        AnswerContext context = new AnswerContext("Be exact.", new DemonstrationPool(List.of(CHAT), 1, SEED));
        assertThat(context.before(asked, 0))
                .isEqualTo(new Prompt(
                        Text.chat(
                                Message.system("Be exact.\n\nin English"),
                                Message.user("1 + 1"),
                                Message.assistant("2"),
                                Message.user("2 + 2")),
                        Map.of("answer", "4")));
        assertThat(new AnswerContext("", DemonstrationPool.NONE).before(asked, 0))
                .isSameAs(asked);
        AnswerContext shown = new AnswerContext("", pool(1, 1, SEED));
        assertThat(shown.before(Prompt.user("q"), 0))
                .isEqualTo(Prompt.chat(Message.user("p0"), Message.assistant("c0"), Message.user("q")));
    }

    @Test
    void before_aPlainText_comeTextsWithEmptyLinesBetween() {
        AnswerContext context = new AnswerContext("Add.", new DemonstrationPool(List.of(demonstration(7)), 1, SEED));
        assertThat(context.before(Prompt.plain("p8"), 0)).isEqualTo(Prompt.plain("Add.\n\np7c7\n\np8"));
    }

    @Test
    void joined_leavesOutWhatIsEmpty() {
        assertThat(AnswerContext.joined(" a ", "", "b")).isEqualTo("a\n\nb");
        assertThat(AnswerContext.chainOfThought()).contains("\"Answer:\"");
    }

    /** Each prompt has its own draw, which depends on seed and place alone, and never shows the prompt itself. */
    @Test
    void drawn_dependsOnSeedAndPlaceAlone() {
        DemonstrationPool pool = pool(10, 3, SEED);
        Set<List<Demonstration>> draws = new HashSet<>();
        for (int place = 0; place < 50; place++) {
            List<Demonstration> drawn = pool.drawn(Prompt.plain("p4"), place);
            assertThat(drawn)
                    .as("seed %d", SEED)
                    .hasSize(3)
                    .doesNotHaveDuplicates()
                    .doesNotContain(demonstration(4));
            assertThat(pool(10, 3, SEED).drawn(Prompt.plain("p4"), place)).isEqualTo(drawn);
            draws.add(drawn);
        }
        assertThat(draws).hasSizeGreaterThan(30);
        assertThat(pool(10, 3, SEED + 1).drawn(Prompt.plain("p4"), 0)).isNotEqualTo(pool.drawn(Prompt.plain("p4"), 0));
    }

    /** A question is the same in every form, and with any message of the system before it. */
    @Test
    void drawn_neverShowsTheQuestionInAnotherForm() {
        List<Prompt> forms = List.of(
                Prompt.plain("1 + 1"),
                Prompt.user("1 + 1"),
                Prompt.chat(Message.system("be brief"), Message.user("1 + 1")),
                Prompt.chat(Message.system("be exact"), Message.user("1 + 1")));
        Prompt other = Prompt.chat(Message.user("1 + 1"), Message.assistant("2"), Message.user("1 + 1"));
        for (Prompt form : forms) {
            DemonstrationPool pool =
                    new DemonstrationPool(List.of(new Demonstration(form, form.reply("2")), demonstration(0)), 2, SEED);
            for (Prompt asked : forms) {
                assertThat(pool.drawn(asked, 0)).as("%s of %s", form, asked).containsExactly(demonstration(0));
            }
            assertThat(pool.drawn(other, 0)).hasSize(2);
        }
    }

    @Test
    void pool_withTooFew_isRefused_butNotForThePromptItself() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> pool(2, 3, SEED))
                .withMessage("num_demos: expected 0 to the 2 rows of demos, found 3");
        assertThat(pool(2, 2, SEED).drawn(Prompt.plain("p1"), 0)).containsExactly(demonstration(0));
    }
}
