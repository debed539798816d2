package ai.preceptor.teacher.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.teacher.elicit.PromptProgress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every way to make prompts owes. */
public abstract class PromptMethodContract {
    /** The method, asking a model; called more than once a test. */
    protected abstract PromptMethod method(ScriptedChat chat, long seed);

    /** A model whose replies make new prompts, and depend on nothing but the question. */
    protected abstract ScriptedChat chat();

    /** Enough seeds for it. */
    static List<String> seeds() {
        return List.of(
                "Name three birds that sing at night.",
                "Explain why the sky is blue.",
                "Sort these numbers: six, one, two.",
                "Write a short poem about rain.",
                "Translate good morning into French.",
                "Summarize the plot of Hamlet.",
                "List the planets by size.",
                "Compute the sum of 17 and 25.");
    }

    static PromptPool pool(int wanted) {
        return new PromptPool(PromptRules.ANY, seeds(), wanted);
    }

    private PromptsMade run(ScriptedChat chat, long seed, int wanted) {
        return new PromptGeneration(method(chat, seed), 100).run(pool(wanted), PromptProgress.UNHEARD);
    }

    @Test
    void run_makesAsManyAsAreWanted_andCountsEach() {
        ScriptedChat chat = chat();
        PromptsMade made = run(chat, 1, 5);
        assertThat(made.kept()).hasSize(5).doesNotHaveDuplicates();
        assertThat(made.questions()).isEqualTo(chat.questions.size());
        assertThat(made.generated()).isEqualTo(5 + made.leftOut().size());
    }

    @Test
    void run_withTheSameSeedAndReplies_asksTheSame() {
        ScriptedChat one = chat();
        ScriptedChat two = chat();
        PromptsMade first = run(one, 7, 20);
        assertThat(run(two, 7, 20)).isEqualTo(first);
        assertThat(two.questions).isEqualTo(one.questions);
        assertThat(first.kept()).isNotEmpty();
    }

    @Test
    void run_withAnotherSeed_asksOtherwise() {
        ScriptedChat one = chat();
        ScriptedChat two = chat();
        run(one, 7, 20);
        run(two, 8, 20);
        assertThat(two.questions).isNotEqualTo(one.questions);
    }

    @Test
    void run_ofUnansweredQuestions_endsAndCountsThem() {
        PromptsMade made = run(new ScriptedChat(question -> ScriptedChat.NONE), 1, 5);
        assertThat(made.kept()).isEmpty();
        assertThat(made.counts().get(PromptOutcome.UNANSWERED)).isEqualTo(made.questions());
        assertThat(made.generated()).isZero();
        assertThat(made.leftOut()).extracting(LeftOutPrompt::detail).containsOnly("a 400");
    }

    @Test
    void run_ofEmptyAndTruncatedReplies_keepsNothing() {
        List<PromptsMade> all = new ArrayList<>();
        all.add(run(new ScriptedChat(question -> " \n"), 1, 5));
        all.add(run(new ScriptedChat(question -> ScriptedChat.CUT + "1. A prompt that was going to be"), 1, 5));
        assertThat(all).allSatisfy(made -> {
            assertThat(made.kept()).isEmpty();
            assertThat(made.counts().get(PromptOutcome.MALFORMED)).isEqualTo(made.questions());
        });
    }
}
