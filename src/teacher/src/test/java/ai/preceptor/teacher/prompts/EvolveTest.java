package ai.preceptor.teacher.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.teacher.chat.ChatSampling;
import ai.preceptor.teacher.elicit.PromptProgress;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class EvolveTest extends PromptMethodContract {
    @Override
    protected PromptMethod method(ScriptedChat chat, long seed) {
        PromptTemplates templates = PromptTemplates.read(null);
        return new Evolve(
                new Questions(chat, new ChatSampling(1, 100, seed)),
                templates.of(Arrays.asList(EvolveOperation.values())),
                templates.named(Evolve.EQUAL),
                new Evolve.Settings(4, true, List.of("rewritten prompt"), seed));
    }

    private static ScriptedChat chat(UnaryOperator<String> rewriting, String verdict, String answer) {
        return new ScriptedChat(question -> {
            if (question.words().contains("<second prompt")) {
                return verdict;
            }
            if (question.words().contains("<prompt ")) {
                int from = question.words().indexOf(">\n") + 2;
                return rewriting.apply(
                        question.words().substring(from, question.words().indexOf("\n</prompt")));
            }
            return answer;
        });
    }

    @Override
    protected ScriptedChat chat() {
        return chat(parent -> parent + " And why?", "Not equal", "Because of 42 reasons.");
    }

    private PromptsMade run(ScriptedChat chat) {
        return new PromptGeneration(method(chat, 3), 1000).run(pool(1000), PromptProgress.UNHEARD);
    }

    @Test
    void prompts_evolveRoundByRound() {
        ScriptedChat chat = chat();
        PromptsMade made = run(chat);
        assertThat(made.kept()).hasSize(4 * seeds().size());
        assertThat(made.questions()).as("rewritten, compared, answered").isEqualTo(3 * 4 * seeds().size());
        assertThat(made.ending()).isEqualTo("no questions are left to ask");
        MadePrompt last = made.kept().get(31);
        assertThat(last.text()).isEqualTo(seeds().get(7) + " And why?".repeat(4));
        assertThat(last.origin())
                .containsEntry("round", 4)
                .containsEntry("parent", seeds().get(7) + " And why?".repeat(3));
        assertThat(made.kept().stream()
                        .map(one -> one.origin().get("operation"))
                        .distinct())
                .as("all six are drawn")
                .hasSize(6);
    }

    /** A resumed run: a question that failed is answered now. What is asked again is in the ledger, and costs nothing. */
    @Test
    void questions_aboutOtherPrompts_areTheSame_whetherOneIsAnsweredOrNot() {
        ScriptedChat all = chat();
        String failing = seeds().get(2);
        ScriptedChat some = chat(
                parent -> parent.equals(failing) ? ScriptedChat.NONE : parent + " And why?",
                "Not equal",
                "Because of 42 reasons.");
        run(all);
        PromptsMade made = run(some);
        assertThat(made.counts().get(PromptOutcome.UNANSWERED)).isEqualTo(4);
        List<String> others =
                some.questions.stream().filter(one -> !one.contains(failing)).toList();
        assertThat(others).hasSize(3 * 4 * 7);
        assertThat(all.questions).containsAll(others).doesNotHaveDuplicates();
    }

    @Test
    void whatFails_staysForTheNextRound() {
        PromptsMade equal = run(chat(parent -> parent + " And why?", "Equal.", "An answer of words."));
        assertThat(equal.counts().get(PromptOutcome.NO_GAIN)).isEqualTo(32);
        assertThat(equal.leftOut().get(31).made().origin()).containsEntry("parent", seeds().get(7));
        PromptsMade hostile = run(chat(parent -> parent + " And why?", "Equal and not equal", "An answer."));
        assertThat(hostile.counts().get(PromptOutcome.MALFORMED)).isEqualTo(32);
        PromptsMade copied = run(chat(parent -> "#Rewritten Prompt#: " + parent, "Not equal", "An answer."));
        assertThat(copied.leftOut().get(0).detail()).isEqualTo("copies \"rewritten prompt\"");
        assertThat(copied.questions()).as("only rewritten").isEqualTo(32);
    }

    @Test
    void whatTheTeacherCannotAnswer_isLeftOut() {
        PromptsMade sorry = run(chat(parent -> parent + " And why?", "Not equal", "I am sorry, I cannot say."));
        assertThat(sorry.counts().get(PromptOutcome.REFUSED)).isEqualTo(32);
        assertThat(sorry.leftOut().get(0).detail()).isEqualTo("the teacher says sorry in 6 words");
        PromptsMade bare = run(chat(parent -> parent + " And why?", "Not equal", "It is, and so on..."));
        assertThat(bare.leftOut().get(0).detail()).isEqualTo("the teacher's answer has nothing but function words");
        PromptsMade longAnswer =
                run(chat(parent -> parent + " And why?", "Not equal", "Sorry seems the hardest word. ".repeat(20)));
        assertThat(longAnswer.kept()).hasSize(32);
    }
}
