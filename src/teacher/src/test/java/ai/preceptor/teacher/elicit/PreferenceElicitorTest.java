package ai.preceptor.teacher.elicit;

import static ai.preceptor.teacher.elicit.Fakes.completion;
import static ai.preceptor.teacher.elicit.Fakes.prompts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.Text;
import ai.preceptor.teacher.RuleScorer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreferenceElicitorTest {
    private final List<String> asked = new ArrayList<>();
    private final Scorer teacher = new RuleScorer("length", answer -> {
        asked.add(answer.text().asString());
        return answer.text().asString().length();
    });

    private static PreferenceElicitor elicitor(Scorer teacher, AnswerSampler sampler, int promptsPerBatch) {
        return new PreferenceElicitor(
                teacher, sampler, new PreferenceSelection(PairRule.BEST_WORST, 0, false), promptsPerBatch);
    }

    private static Elicitation elicit(PreferenceElicitor elicitor, String... prompts) {
        return elicitor.elicit(prompts(prompts), new MemoryLedger(), (done, total) -> {});
    }

    private static AnswerSampler always(String... answers) {
        return (prompts, stream) -> prompts.stream()
                .map(prompt -> {
                    List<Completion> own = new ArrayList<>();
                    for (String answer : answers) {
                        own.add(completion(answer));
                    }
                    return own;
                })
                .toList();
    }

    @Test
    void elicit_prefersWhatTheTeacherDoes() {
        Elicitation result = elicit(elicitor(teacher, always("long", "longest", "lo"), 2), "p", "q", "r");
        assertThat(result.groups()).hasSize(3);
        assertThat(result.preferences())
                .hasSize(3)
                .contains(new Preference(Prompt.plain("q"), Text.plain("longest"), Text.plain("lo")));
    }

    @Test
    void elicit_asksTheTeacherNeitherBlankAnswersNorOneTwice() {
        elicit(elicitor(teacher, always("b", " ", "ccc", "b", ""), 1), "p");
        assertThat(asked).containsExactly("b", "ccc");
    }

    /** Equal prompts get their own answers: the batch is another stream of the sampler. */
    @Test
    void elicit_ofEqualPromptsKeepsThemApart() {
        AnswerSampler sampler = (prompts, stream) -> List.of(List.of(completion("a" + stream), completion("b")));
        Elicitation result = elicit(elicitor(teacher, sampler, 1), "p", "p");
        assertThat(result.preferences().stream().map(Preference::chosen))
                .containsExactly(Text.plain("a0"), Text.plain("a1"));
    }

    @Test
    void elicit_numbersTheBatchesAndReportsProgress() {
        List<String> seen = new ArrayList<>();
        AnswerSampler sampler = (prompts, stream) -> {
            seen.add("batch " + stream + " of " + prompts.size());
            return always("a", "bb").sample(prompts, stream);
        };
        elicitor(teacher, sampler, 2)
                .elicit(
                        prompts("p", "q", "r"),
                        new MemoryLedger(),
                        (done, total) -> seen.add("scored " + done + " of " + total));
        assertThat(seen).containsExactly("batch 0 of 2", "scored 2 of 3", "batch 1 of 1", "scored 3 of 3");
    }

    @Test
    void elicit_remembersWhichAnswersWereCutOff() {
        Completion cut = new Completion("cut off", new int[] {5}, new float[] {-1}, FinishReason.LENGTH);
        AnswerSampler sampler = (prompts, stream) -> List.of(List.of(cut, completion("b")));
        assertThat(elicit(elicitor(teacher, sampler, 1), "p").report().unfinished())
                .isEqualTo(1);
    }

    @Test
    void elicit_whereOneAnswerHasNoScoreUsesTheOthers() {
        Scorer scorer = mock(Scorer.class);
        when(scorer.score(anyList())).thenReturn(List.of(Score.of(1), Score.unscored("refused"), Score.of(2)));
        Elicitation result = elicit(elicitor(scorer, always("a", "b", "c"), 1), "p");
        assertThat(result.preferences())
                .containsExactly(new Preference(Prompt.plain("p"), Text.plain("c"), Text.plain("a")));
        assertThat(result.report().count(AnswerOutcome.UNSCORED)).isEqualTo(1);
    }

    @Test
    void elicit_offersUnscoredAnswersOnceMoreWhenCalledAgain() {
        Ledger ledger = new MemoryLedger();
        Scorer busy = mock(Scorer.class);
        when(busy.score(anyList())).thenReturn(List.of(Score.of(1), Score.unscored("busy"), Score.of(3)));
        elicitor(busy, always("a", "bb", "ccc"), 1).elicit(prompts("p"), ledger, (done, total) -> {});
        AnswerSampler never = (prompts, stream) -> {
            throw new AssertionError("sampled again");
        };
        Elicitation result = elicitor(teacher, never, 1).elicit(prompts("p"), ledger, (done, total) -> {});
        assertThat(asked).containsExactly("bb");
        assertThat(result.groups().get(0).scores()).containsExactly(1.0, 2.0, 3.0);
        assertThat(result.report().resumed()).isEqualTo(1);
    }

    @Test
    void elicit_withoutAPreferenceIsAnErrorThatSaysWhy() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> elicit(elicitor(teacher, always("aa", "bb"), 1), "p", "q"))
                .withMessage("elicitation with rule:length: nothing to learn from: 0 preferences of 2 prompts, 2 tie;"
                        + " 4 answers, 4 compared");
    }

    @Test
    void elicit_whereTheTeacherFailsKeepsWhatWasScored() {
        Scorer scorer = mock(Scorer.class);
        when(scorer.score(anyList()))
                .thenReturn(List.of(Score.of(1), Score.of(2)))
                .thenThrow(new ScorerException("teacher: gone"));
        Ledger ledger = new MemoryLedger();
        PreferenceElicitor elicitor = elicitor(scorer, always("a", "b"), 1);
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> elicitor.elicit(prompts("p", "q"), ledger, (done, total) -> {}));
        assertThat(ledger.find(Prompt.plain("p"), 0)).isNotNull();
        assertThat(ledger.find(Prompt.plain("q"), 0)).isNull();
    }

    @Test
    void elicit_ofAScorerThatLosesAnswersIsAnError() {
        Scorer scorer = mock(Scorer.class);
        when(scorer.name()).thenReturn("odd");
        when(scorer.score(anyList())).thenReturn(List.of(Score.of(1)));
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> elicit(elicitor(scorer, always("a", "b"), 1), "p"))
                .withMessage("odd: 1 scores, must be one per answer: 2");
    }

    @Test
    void elicit_ofASamplerThatLosesPromptsIsAnError() {
        assertThatIllegalStateException()
                .isThrownBy(() -> elicit(elicitor(teacher, (prompts, stream) -> List.of(), 2), "p"))
                .withMessage("sampler: answers to 0 prompts, must be one list per prompt: 1");
    }

    @Test
    void elicit_showsChatsToTheTeacherAsMessages() {
        List<Answer> seen = new ArrayList<>();
        Scorer scorer = new RuleScorer("length", answer -> {
            seen.add(answer);
            return answer.text().asString().length();
        });
        elicitor(scorer, always("a", "bb"), 1)
                .elicit(List.of(Prompt.user("q")), new MemoryLedger(), (done, total) -> {});
        assertThat(seen).extracting(Answer::text).allMatch(text -> text instanceof Text.Chat);
    }

    @Test
    void constructor_refusesEmptyBatches() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> elicitor(teacher, always(), 0))
                .withMessage("prompts per batch: 0, must be at least 1");
    }
}
