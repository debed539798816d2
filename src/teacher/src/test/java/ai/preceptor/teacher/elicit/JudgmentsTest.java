package ai.preceptor.teacher.elicit;

import static ai.preceptor.teacher.elicit.Fakes.answer;
import static ai.preceptor.teacher.elicit.Fakes.completion;
import static ai.preceptor.teacher.elicit.Fakes.elicited;
import static ai.preceptor.teacher.elicit.Fakes.prompts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.DataException;
import ai.preceptor.data.Preference;
import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a judge says beside a score: it is kept, and stands beside the answers. */
class JudgmentsTest {
    private static final Score JUDGED = Score.of(3)
            .with(List.of(new Score.Part("honesty", 2, 0.5), new Score.Part("helpfulness", 4, 0.5)))
            .with("Sure of itself.\nToo sure.");
    private static final Score HALF = Score.unscored("no grade of honesty")
            .with(List.of(new Score.Part("honesty", Double.NaN, 0.5), new Score.Part("helpfulness", 1, 0.5)));

    @TempDir
    Path directory;

    private static ScoredAnswer judged(String text, Score score) {
        return new ScoredAnswer(text, true, score);
    }

    @Test
    void ledger_keepsPartsAndCritiques() {
        Provenance provenance = new Provenance("judge", "student");
        Elicited row = elicited("p", judged("a", JUDGED), judged("b", HALF), answer("c", 1));
        try (JsonlLedger ledger = JsonlLedger.open(directory.resolve("ledger.jsonl"), provenance)) {
            ledger.add(0, row);
        }
        try (JsonlLedger ledger = JsonlLedger.open(directory.resolve("ledger.jsonl"), provenance)) {
            assertThat(ledger.find(row.prompt(), 0)).isEqualTo(row);
        }
    }

    @Test
    void groups_haveThemAsColumns_andThePairsDoNot() {
        Elicitation result = new PreferenceSelection(PairRule.BEST_WORST, 0, false)
                .select(List.of(elicited("p", judged("a", JUDGED), judged("b", HALF), answer("c", 1))), 0);
        RankedGroup group = result.groups().get(0);
        assertThat(group.prompt().columns().get("critiques"))
                .isEqualTo(Arrays.asList("Sure of itself.\nToo sure.", null));
        assertThat(group.prompt().columns().get("honesty")).isEqualTo(Arrays.asList(2.0, null));
        assertThat(result.preferences().get(0).prompt().columns()).isEmpty();
        assertThat(result.report().toRow()).containsEntry("judge/honesty", 2.0).containsEntry("judge/helpfulness", 2.5);
    }

    private static Judge judge(Function<Comparison, Verdict> verdict) {
        return new Judge() {
            @Override
            public String name() {
                return "judge";
            }

            @Override
            public List<Verdict> compare(List<Comparison> comparisons) {
                return comparisons.stream().map(verdict).toList();
            }
        };
    }

    @Test
    void pairs_haveTheJudgesOwnProbability_andThoseWithoutAVerdictAreLeftOut() {
        Elicitation elicited = new PreferenceSelection(PairRule.ALL_PAIRS, 0, true)
                .select(List.of(elicited("p", answer("a", 0.8), answer("b", 0.5), answer("c", 0.2))), 0);
        Elicitation judged =
                elicited.judgedBy(judge(pair -> pair.first().asString().equals("b")
                        ? Verdict.undecided("lost")
                        : Verdict.of(pair.second().asString().equals("b") ? 0.7 : 0.9)));
        assertThat(judged.preferences())
                .extracting(Preference::chosenProbability)
                .containsExactly(0.7, 0.9);
        assertThat(judged.preferences().get(0).margin())
                .isEqualTo(elicited.preferences().get(0).margin());
        assertThat(judged.report().preferences()).isEqualTo(2);
        assertThat(judged.groups()).isEqualTo(elicited.groups());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> elicited.judgedBy(judge(pair -> Verdict.undecided("lost"))))
                .withMessageContaining("no verdict on any of 3 pairs");
    }

    /** More pairs than are asked about together. */
    @Test
    void pairs_thatAreMany_areJudgedInTheirOrder() {
        List<Elicited> rows = new ArrayList<>();
        for (int i = 0; i < 2100; i++) {
            rows.add(elicited("p" + i, answer("a", 0.8), answer("b", 0.5)));
        }
        Elicitation elicited = new PreferenceSelection(PairRule.ALL_PAIRS, 0, true).select(rows, 0);
        Elicitation judged = elicited.judgedBy(judge(
                pair -> pair.prompt().text().asString().equals("p1500") ? Verdict.undecided("lost") : Verdict.of(0.7)));
        assertThat(judged.report().preferences()).isEqualTo(2099);
        assertThat(judged.preferences())
                .extracting(pair -> pair.prompt().text().asString())
                .containsExactlyElementsOf(rows.stream()
                        .map(row -> row.prompt().text().asString())
                        .filter(prompt -> !prompt.equals("p1500"))
                        .toList());
    }

    /** The second row's answers are no rivals of the first's. */
    @Test
    void aRelativeTeacher_getsRowsWithEqualPromptsOneByOne() {
        List<List<Answer>> asked = new ArrayList<>();
        List<List<Completion>> answers = List.of(
                List.of(completion("a"), completion("b")),
                List.of(completion("c"), completion("d")),
                List.of(completion("b"), completion("e")));
        List<Elicited> rows = AnswerCollector.sampling(places(asked), (some, stream) -> answers, 3)
                .collect(prompts("p", "q", "p"), new MemoryLedger(), PromptProgress.UNHEARD)
                .rows();
        assertThat(asked)
                .extracting(
                        call -> call.stream().map(one -> one.text().asString()).toList())
                .containsExactly(List.of("a", "b", "c", "d"), List.of("b", "e"));
        assertThat(rows.get(0).answers().get(1).score().value()).isEqualTo(1);
        assertThat(rows.get(2).answers().get(0).score().value())
                .as("the first of its own row")
                .isZero();
    }

    /** Scores are places in the call. */
    private static Scorer places(List<List<Answer>> asked) {
        return new Scorer() {
            @Override
            public String name() {
                return "places";
            }

            @Override
            public boolean isRelative() {
                return true;
            }

            @Override
            public List<Score> score(List<Answer> answers) {
                asked.add(answers);
                return IntStream.range(0, answers.size()).mapToObj(Score::of).toList();
            }
        };
    }

    /** A rank among two of three answers is none among all three. */
    @Test
    void aRelativeTeacher_getsTheWholeGroupAgain() {
        List<List<Answer>> asked = new ArrayList<>();
        Scorer ranking = new Scorer() {
            @Override
            public String name() {
                return "ranking";
            }

            @Override
            public boolean isRelative() {
                return true;
            }

            @Override
            public List<Score> score(List<Answer> answers) {
                asked.add(answers);
                return answers.stream()
                        .map(one -> asked.size() == 1 && one.text().asString().equals("b")
                                ? Score.unscored("missing")
                                : Score.of(one.text().asString().charAt(0)))
                        .toList();
            }
        };
        AnswerCollector collector = AnswerCollector.sampling(
                ranking, (prompts, stream) -> List.of(List.of(completion("a"), completion("b"), completion(" "))), 1);
        MemoryLedger ledger = new MemoryLedger();
        collector.collect(prompts("p"), ledger, PromptProgress.UNHEARD);
        List<Elicited> again =
                collector.collect(prompts("p"), ledger, PromptProgress.UNHEARD).rows();
        assertThat(asked).hasSize(2);
        assertThat(asked.get(1)).extracting(one -> one.text().asString()).containsExactly("a", "b");
        assertThat(again.get(0).answers().get(1).score()).isEqualTo(Score.of('b'));
    }
}
