package ai.preceptor.eval;

import static ai.preceptor.eval.Sampled.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.testkit.MetricsPage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final Arbiter FIRST_LETTER = contests -> contests.stream()
            .map(contest ->
                    contest.answer().asString().compareTo(contest.baseline().asString()))
            .map(order -> Score.of(order > 0 ? 1 : order < 0 ? 0 : 0.5))
            .toList();

    private final AnswerSet start = answers(List.of("a"), List.of("bcd"));
    private final AnswerSet trained = answers(List.of("x"), List.of("abc"));

    /** Every token is equally likely. */
    private static SequenceLogprobs uniform(float logprob) {
        return (prompts, completions) -> completions.stream()
                .map(completion -> {
                    float[] logprobs = new float[completion.length];
                    Arrays.fill(logprobs, logprob);
                    return logprobs;
                })
                .toList();
    }

    private static Scorer length() {
        return scorer("length", text -> Score.of(text.length()));
    }

    private static Scorer scorer(String name, Function<String, Score> score) {
        return new Scorer() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<Score> score(List<Answer> answers) {
                return answers.stream()
                        .map(answer -> score.apply(answer.text().asString()))
                        .toList();
            }
        };
    }

    private Evaluation evaluation() {
        return new Evaluation(
                start,
                FIRST_LETTER,
                length(),
                length(),
                Map.of("length", length()),
                new KlMeter(new LetterEncoder(), uniform(-2)));
    }

    /** Answers of 2 and 4 tokens, 0.5 nats apart in each: 1 and 2 nats. */
    @Test
    void measure_gathersEverything() {
        EvalReport report = evaluation().measure("dpo", trained, uniform(-1.5f), 12.5);
        assertThat(report.winRate().rate()).isEqualTo(0.5);
        assertThat(report.reward().score().mean()).isEqualTo(2);
        assertThat(report.kl().k1().mean()).isCloseTo(1.5, within(1e-6));
        assertThat(report.length().tokens().mean()).isEqualTo(3);
        assertThat(report.toRow())
                .containsEntry("method", "dpo")
                .containsEntry("win_rate", 0.5)
                .containsEntry("rule_score", 2.0)
                .containsEntry("teacher_score", 2.0)
                .containsEntry(
                        "teacher_score_low",
                        report.teacherScore().score().interval().low())
                .containsEntry(
                        "rule_score_low", report.ruleScore().score().interval().low())
                .containsEntry("reward_high", report.reward().score().interval().high())
                .containsEntry("teacher_score_difference", 0.0)
                .containsEntry("reward_difference", 0.0)
                .containsEntry("reward_difference_low", 0.0)
                .containsEntry("reward_difference_high", 0.0)
                .containsEntry("completions/mean_length", 3.0)
                .containsEntry("unscored", 0)
                .containsEntry("seconds", 12.5);
    }

    @Test
    void measureBaseline_hasNoWinRate() {
        EvalReport report = evaluation().measureBaseline("start", uniform(-2));
        assertThat(report.winRate()).isNull();
        assertThat(report.seconds()).isNull();
        assertThat(report.kl().k1().mean()).isZero();
        assertThat(report.toRow())
                .containsEntry("win_rate", null)
                .containsEntry("reward_difference", null)
                .containsEntry("reward", 2.0)
                .containsEntry("teacher_score", 2.0);
    }

    /** The win rate tells why; the answers to the second prompt have a score. */
    @Test
    void measure_teacherWithoutScores_hasNoMean() {
        Scorer none = scorer("none", text -> Score.unscored("no"));
        Scorer some = scorer("some", text -> text.startsWith("abc") ? Score.of(4) : Score.unscored("no"));
        EvalReport without = new Evaluation(start, null, none, null, Map.of(), null).measureBaseline("start", null);
        assertThat(without.teacherScore()).isNull();
        EvalReport half = new Evaluation(start, null, some, null, Map.of(), null).measure("dpo", trained, null, null);
        assertThat(half.toRow()).containsEntry("teacher_score", 4.0).containsEntry("unscored", 1);
    }

    @Test
    void measure_leavesOutWhatNobodyMeasures() {
        EvalReport report =
                new Evaluation(start, null, null, null, Map.of(), null).measure("dpo", trained, uniform(-1), null);
        assertThat(report.winRate()).isNull();
        assertThat(report.reward()).isNull();
        assertThat(report.kl()).isNull();
        assertThat(report.ruleScore()).isNull();
        assertThat(report.length()).isNotNull();
    }

    @Test
    void measure_severalRules_areReportedByName() {
        Map<String, Scorer> rules = new LinkedHashMap<>();
        rules.put("length", length());
        rules.put("Own", scorer("own", text -> Score.of(text.equals("x") ? 1 : 0)));
        Map<String, @Nullable Object> row = new Evaluation(start, null, null, null, rules, null)
                .measure("dpo", trained, null, null)
                .toRow();
        assertThat(row)
                .containsEntry("rules/length", 2.0)
                .containsEntry("rules/Own", 0.5)
                .containsEntry("rule_score", null)
                .containsKeys("rules/Own_low", "rules/Own_high");
    }

    @Test
    void toRow_namesWhatIsOnTheMetricsPage() {
        Map<String, @Nullable Object> row =
                evaluation().measure("dpo", trained, uniform(-1), 1.0).toRow();
        row.remove("method");
        MetricsPage.requireDocumented(row.keySet());
    }

    /** An answer without a token is as likely under any model: no divergence, but an answer. */
    @Test
    void kl_countsAnswersWithoutTokens() {
        Completion empty = new Completion("", new int[0], new float[0], FinishReason.CANCELLED);
        AnswerSet set = new AnswerSet(
                List.of(Prompt.plain("p"), Prompt.plain("q")),
                List.of(List.of(empty), List.of(Sampled.completion("a"))));
        KlToReference kl = new KlMeter(new LetterEncoder(), uniform(-2)).measure(uniform(-1), set);
        assertThat(kl.k1().mean()).isEqualTo((0 + 2) / 2.0);
        assertThat(kl.answers()).isEqualTo(2);
    }

    @Test
    void kl_ofAModelThatAnswersTooMuchIsRefused() {
        KlMeter meter = new KlMeter(new LetterEncoder(), uniform(-2));
        assertThatIllegalStateException()
                .isThrownBy(() -> meter.measure(
                        (prompts, completions) -> List.of(new float[2], new float[4], new float[1]), trained))
                .withMessage("model: log-probabilities of 3 answers, must be of 2");
    }
}
