package ai.preceptor.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Text;
import ai.preceptor.eval.Interval;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.teacher.RuleScorer;
import ai.preceptor.teacher.ScorerJudge;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Students measured from Java. */
class StudentEvaluationTest {
    private static final Path STUDENT = Golden.dir("tiny-chat");
    private static final List<Prompt> PROMPTS =
            IntStream.range(0, 6).mapToObj(i -> Prompt.plain("Say number " + i)).toList();
    private static final Scorer LETTERS = new RuleScorer("letters", StudentEvaluationTest::letters);

    @TempDir
    Path directory;

    private Preceptor preceptor;
    private Student baseline;

    private static double letters(Answer answer) {
        return answer.text().asString().length();
    }

    /** As {@link #LETTERS}; adds what it is asked to score. */
    private static Scorer recording(List<Answer> scored) {
        return new RuleScorer("letters", answer -> {
            scored.add(answer);
            return letters(answer);
        });
    }

    @BeforeEach
    void open() {
        preceptor = Preceptor.open("cpu", 1);
        baseline = preceptor.student(STUDENT, LoadOptions.FROZEN);
    }

    @AfterEach
    void close() {
        baseline.close();
        preceptor.close();
    }

    private StudentEvaluation evaluation(SamplingOptions sampling) {
        return new StudentEvaluation(
                PROMPTS, 2, sampling, new Judges(baseline, new ScorerJudge(LETTERS), null, Map.of("letters", LETTERS)));
    }

    /** With the same seeds the baseline's own answers come again: no divergence, all ties. */
    @Test
    void measure_theBaselineAgain_tellsNoDifference() {
        StudentEvaluation evaluation = evaluation(SamplingOptions.unfiltered(4, 7));
        MethodMeasures start = evaluation.measureBaseline();
        MethodMeasures again = evaluation.measure("again", baseline, 2.5);
        assertThat(again.answers()).isEqualTo(start.answers());
        assertThat(again.toRow())
                .containsEntry("method", "again")
                .containsEntry("win_rate", 0.5)
                .containsEntry("kl_to_reference", 0.0)
                .containsEntry("seconds", 2.5)
                .containsEntry("rule_score", start.toRow().get("rule_score"));
        assertThat(start.toRow()).containsEntry("method", "start").containsEntry("win_rate", null);
        double letters = start.answers().answers().stream()
                .mapToDouble(StudentEvaluationTest::letters)
                .average()
                .orElseThrow();
        assertThat(start.report().ruleScore().score().mean()).isEqualTo(letters);
        assertThat(start.report().teacherScore().score().mean()).isEqualTo(letters);
        assertThat(again.report().teacherScore().score())
                .isEqualTo(start.report().teacherScore().score());
        assertThat(again.report().teacherScore().difference().interval()).isEqualTo(new Interval(0, 0));
        assertThat(start.report().teacherScore().difference()).isNull();
    }

    /** The baseline meets both methods; its answers, and those that it has in common with them, are scored once. */
    @Test
    void measure_teacherThatScores_seesEachDifferentAnswerOnce() {
        List<Answer> scored = new ArrayList<>();
        StudentEvaluation evaluation = new StudentEvaluation(
                PROMPTS,
                2,
                SamplingOptions.unfiltered(4, 7),
                new Judges(baseline, new ScorerJudge(recording(scored)), null, Map.of()));
        MethodMeasures start = evaluation.measureBaseline();
        evaluation.measure("a", baseline, null);
        evaluation.measure("b", baseline, null);
        assertThat(scored)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(
                        new HashSet<>(start.answers().answers()));
    }

    /** The last digits of a score depend on what is scored with it, here more than the last ones. */
    @Test
    void measure_methodsMeasuredBefore_changeNoMeasure() {
        try (Student other = preceptor.student(Golden.dir("tiny-teacher"), LoadOptions.FROZEN)) {
            MethodMeasures alone = shortAnswers().measure("other", other, null);
            MethodMeasures bestAlone = shortAnswers().measureBestOf(2, 4);

            StudentEvaluation many = shortAnswers();
            many.measureBaseline();
            MethodMeasures best = many.measureBestOf(4, 4);
            assertThat(best.answers().answers())
                    .as("answers that both know")
                    .containsAnyElementsOf(alone.answers().answers())
                    .doesNotContainSequence(alone.answers().answers());
            assertThat(many.measure("other", other, null).toRow()).isEqualTo(alone.toRow());
            assertThat(many.measureBestOf(2, 4).toRow()).isEqualTo(bestAlone.toRow());
        }
    }

    private StudentEvaluation shortAnswers() {
        return new StudentEvaluation(
                PROMPTS,
                4,
                SamplingOptions.unfiltered(1, 7),
                new Judges(baseline, new ScorerJudge(new ByCompany()), new ByCompany(), Map.of()));
    }

    /** Its scores depend on how many answers there are in a call. */
    private static final class ByCompany implements Scorer {
        @Override
        public String name() {
            return "by company";
        }

        @Override
        public List<Score> score(List<Answer> answers) {
            return answers.stream()
                    .map(answer -> Score.of(letters(answer) + 1e-3 * answers.size()))
                    .toList();
        }
    }

    /** What best-of-n chooses was scored to be chosen; the baseline's answers are scored for the difference. */
    @Test
    void measureBestOf_rewardModel_seesEachDifferentAnswerOnce() {
        List<Answer> scored = new ArrayList<>();
        StudentEvaluation evaluation = new StudentEvaluation(
                PROMPTS, 2, SamplingOptions.unfiltered(4, 7), new Judges(baseline, null, recording(scored), Map.of()));
        MethodMeasures two = evaluation.measureBestOf(2, 4);
        evaluation.measureBestOf(4, 4);
        assertThat(scored)
                .doesNotHaveDuplicates()
                .hasSizeLessThanOrEqualTo(PROMPTS.size() * 2 * (1 + 4))
                .containsAll(two.answers().answers());
    }

    /** The reward chooses, so more answers to choose from cannot lower it; which are the first two does not depend on how many follow. */
    @Test
    void measureBestOf_choosesAmongNewAnswersOfTheBaseline() {
        StudentEvaluation evaluation = bestOf(SamplingOptions.unfiltered(4, 7));
        MethodMeasures start = evaluation.measureBaseline();
        MethodMeasures two = evaluation.measureBestOf(2, 8);
        MethodMeasures eight = evaluation.measureBestOf(8, 8);
        assertThat(two.answers().completions())
                .allSatisfy(own -> assertThat(own).hasSize(2));
        assertThat(two.answers()).isNotEqualTo(start.answers());
        assertThat(eight.report().reward().score().mean())
                .isGreaterThan(two.report().reward().score().mean());
        assertThat(eight.report().winRate().rate()).isGreaterThan(0.5);
        assertThat(two.toRow())
                .containsEntry("method", "best-of-2")
                .containsEntry("kl_to_reference", null)
                .containsEntry("kl_to_reference_bound", Math.log(2) - 0.5);
        assertThat(bestOf(SamplingOptions.unfiltered(4, 7)).measureBestOf(2, 2).answers())
                .isEqualTo(two.answers());
        assertThat(bestOf(SamplingOptions.atTemperature(2, 4, 7))
                        .measureBestOf(2, 2)
                        .toRow())
                .as("a bound on the divergence from another distribution")
                .containsEntry("kl_to_reference_bound", null);
    }

    private StudentEvaluation bestOf(SamplingOptions sampling) {
        return new StudentEvaluation(
                PROMPTS, 2, sampling, new Judges(baseline, new ScorerJudge(LETTERS), LETTERS, Map.of()));
    }

    @Test
    void measureBestOf_withoutARewardModel_isRefused() {
        StudentEvaluation evaluation = evaluation(SamplingOptions.unfiltered(4, 7));
        assertThatThrownBy(() -> evaluation.measureBestOf(2, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without a reward model");
    }

    @Test
    void measure_temperatureOf2_leavesTheDivergenceOut() {
        MethodMeasures measures =
                evaluation(SamplingOptions.atTemperature(2, 4, 7)).measure("hot", baseline, null);
        assertThat(measures.report().kl()).isNull();
        assertThat(measures.report().winRate()).isNotNull();
    }

    @Test
    void measure_withoutBaseline_measuresTheAnswersAlone() {
        StudentEvaluation alone = new StudentEvaluation(
                PROMPTS, 1, SamplingOptions.greedy(4), new Judges(null, null, null, Map.of("letters", LETTERS)));
        MethodMeasures measures = alone.measure("alone", baseline, 3.0);
        assertThat(measures.report().winRate()).isNull();
        assertThat(measures.report().ruleScore()).isNotNull();
        assertThatThrownBy(alone::measureBaseline)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("without a baseline");
    }

    @Test
    void prompts_equalOnes_countOnce() {
        List<Prompt> twice = new ArrayList<>(PROMPTS);
        twice.addAll(PROMPTS);
        List<String> heard = new ArrayList<>();
        StudentEvaluation evaluation = new StudentEvaluation(
                twice,
                1,
                SamplingOptions.greedy(2),
                new Judges(null, null, null, Map.of()),
                method -> (done, total) -> heard.add(method + " " + done + "/" + total));
        assertThat(evaluation.measure("dpo", baseline, null).answers().prompts())
                .isEqualTo(evaluation.prompts())
                .isEqualTo(PROMPTS);
        assertThat(heard).containsExactly("dpo 0/6", "dpo 6/6");
    }

    /** A template shows each of these columns; what it does not show makes no other prompt. */
    @Test
    void prompts_withOtherDocumentsOrTools_areOthers() {
        Text asked = Prompt.user("Which river?").text();
        List<Prompt> different = List.of(
                new Prompt(asked),
                new Prompt(asked, Map.of("documents", List.of(Map.of("title", "t", "text", "The Rhine.")))),
                new Prompt(asked, Map.of("documents", List.of(Map.of("title", "t", "text", "The Rhone.")))),
                new Prompt(asked, Map.of("tools", List.of(Map.of("name", "map")))),
                new Prompt(asked, Map.of("chat_template_kwargs", Map.of("enable_thinking", false))));
        List<Prompt> all = new ArrayList<>(different);
        all.add(new Prompt(asked, Map.of("id", 7)));
        assertThat(new StudentEvaluation(all, 1, SamplingOptions.greedy(2), new Judges(null, null, null, Map.of()))
                        .prompts())
                .isEqualTo(different);
    }

    /** Rules over tokens, as that of repetition, measure here what they reward in training. */
    @Test
    void measure_rulesSeeTheTokens() {
        List<Integer> tokens = new ArrayList<>();
        Scorer counting = new RuleScorer("tokens", answer -> {
            int[] ids = answer.tokenIds();
            tokens.add(ids == null ? -1 : ids.length);
            return 0;
        });
        new StudentEvaluation(
                        PROMPTS, 1, SamplingOptions.greedy(4), new Judges(null, null, null, Map.of("tokens", counting)))
                .measure("alone", baseline, null);
        assertThat(tokens).hasSize(6).allMatch(count -> count >= 1 && count <= 4);
    }

    @Test
    void measuredMethods_openedAgain_measuresWhatItDoesNotKnow() throws IOException {
        Path file = directory.resolve("measured.jsonl");
        StudentEvaluation evaluation = evaluation(SamplingOptions.greedy(4));
        List<String> measured = new ArrayList<>();
        MeasuredMethods.Measured first;
        try (MeasuredMethods methods = MeasuredMethods.open(file, "seed 1", true)) {
            first = get(methods, evaluation, measured);
            assertThat(get(methods, evaluation, measured)).isEqualTo(first);
        }
        assertThat(first.answers()).hasSize(4);
        try (MeasuredMethods methods = MeasuredMethods.open(file, "seed 1", true)) {
            assertThat(get(methods, evaluation, measured).answers()).isEqualTo(first.answers());
        }
        assertThat(measured).as("measured once").hasSize(1);
        try (MeasuredMethods methods = MeasuredMethods.open(file, "seed 2", true)) {
            get(methods, evaluation, measured);
        }
        assertThat(measured).as("other keys").hasSize(2);
        try (MeasuredMethods methods = MeasuredMethods.open(file, "seed 1", false)) {
            get(methods, evaluation, measured);
        }
        assertThat(measured).as("not resumed").hasSize(3);
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    private MeasuredMethods.Measured get(MeasuredMethods methods, StudentEvaluation evaluation, List<String> measured) {
        return methods.get("dpo", STUDENT.toString(), () -> {
            measured.add("dpo");
            return evaluation.measure("dpo", baseline, null);
        });
    }
}
