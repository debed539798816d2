package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Score.TokenScore;
import ai.preceptor.data.rows.RecordedAnswers;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.policy.PolicySettingsBuilder;
import ai.preceptor.run.RecordedSampling;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.TrainConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordedRolloutsTest {
    private static final Prompt PROMPT = Prompt.user("Why?");
    private final List<Map<String, @Nullable Object>> samples = new ArrayList<>();

    /** Two rows that ask the same, with the very same object: each has its own answers and scores. */
    @Test
    void optimize_rowsOfOnePrompt_areKeptApart() {
        RecordedRollouts rollouts = RecordedRollouts.of(List.of(
                row(List.of(Score.of(1), Score.unscored("lost")), 5, 6), row(List.of(Score.of(3), Score.of(4)), 7, 8)));
        PolicySummary summary = optimize(rollouts, PolicySettings.builder(PolicyAlgorithm.RLOO));
        assertThat(summary.counts().samples()).isEqualTo(4);
        assertThat(summary.counts().unscored()).isEqualTo(1);
        assertThat(summary.counts().skippedGroups()).isEqualTo(1);
        assertThat(samples.stream().map(row -> row.get("score"))).containsExactly(1.0, null, 3.0, 4.0);
        assertThat(samples.get(2).get("token_ids")).isEqualTo(new int[] {7, 2});
    }

    @Test
    void optimize_scorerBesideRecordedScores_wins() {
        RecordedRollouts rollouts = RecordedRollouts.of(List.of(row(List.of(Score.of(1), Score.of(2)), 5, 6)));
        optimize(rollouts.scoredBy(PolicyRun.BREVITY), PolicySettings.builder(PolicyAlgorithm.GRPO));
        assertThat(samples.stream().map(row -> row.get("score"))).containsExactly(-1.0, -1.0);
    }

    @Test
    void optimize_rowsThatDoNotFit_areRefused_namingThem() {
        RecordedAnswers good = row(List.of(Score.of(1), Score.of(2)), 5, 6);
        refused("recorded row 1 (0-based): scores: missing", good, row(null, 5, 6));
        refused(
                "recorded row 1 (0-based): completions[1].token_ids[0]: expected a token id in [0, 512)",
                good,
                row(null, 5, 512));
        refused(
                "recorded row 1 (0-based): completions: expected 2 answers, num_generations, found 3",
                good,
                row(null, 5, 6, 7));
        assertThatThrownBy(() ->
                        optimize(RecordedRollouts.of(List.of(good)), PolicySettings.builder(PolicyAlgorithm.REMAX)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expected a scorer");
    }

    @Test
    void resolve_defaults_areTheRecordedOnes() {
        RecordedRollouts rollouts = RecordedRollouts.of(List.of(row(null, 5, 6, 7)));
        PolicySettings resolved =
                rollouts.resolve(PolicySettings.builder(PolicyAlgorithm.GRPO).build());
        assertThat(resolved.generations()).isEqualTo(3);
        assertThat(resolved.correction().recomputeOldLogps()).isTrue();
        assertThat(rollouts.isScored()).isFalse();
        PolicySettings given = PolicySettings.builder(PolicyAlgorithm.GRPO)
                .numGenerations(3)
                .correction(resolved.correction())
                .build();
        assertThat(rollouts.resolve(given)).isEqualTo(given);
        assertThatThrownBy(() -> RecordedRollouts.of(List.of())).hasMessageContaining("expected as many, at least 1");
    }

    private void refused(String message, RecordedAnswers... rows) {
        assertThatThrownBy(() ->
                        optimize(RecordedRollouts.of(List.of(rows)), PolicySettings.builder(PolicyAlgorithm.GRPO)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }

    private PolicySummary optimize(RecordedRollouts rollouts, PolicySettingsBuilder settings) {
        try (Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"))) {
            PolicyContext memory = PolicyContext.inMemory();
            PolicyContext context = new PolicyContext(
                    memory.loop(), samples::add, new SimpleMeterRegistry(), memory.deadLetters(), memory.workers());
            TrainConfig config = TrainConfig.builder()
                    .batchSize(2 * rollouts.rows().size())
                    .maxSteps(1)
                    .shuffle(false)
                    .build();
            return student.optimize(
                    rollouts, new PolicyOptions(settings.maxCompletionLength(4).build()), config, context);
        }
    }

    /** An answer of one token and the end for each id. */
    private static RecordedAnswers row(@Nullable List<Score> scores, int... ids) {
        List<Completion> answers = new ArrayList<>();
        for (int id : ids) {
            answers.add(new Completion("a", new int[] {id, 2}, new float[] {-6, -6}, FinishReason.STOP));
        }
        return new RecordedAnswers(PROMPT, answers, scores);
    }

    /** All that an answer is learnt from tells runs apart: where tools stand, and scores of steps. */
    @Test
    void checksum_tellsPlacesOfToolsAndScoresOfTokensApart() {
        Score scored = Score.of(1);
        List<RecordedAnswers> rows = List.of(
                answered(null, scored),
                answered(new ToolTurns(List.of(turn(1)), 1, 0), scored),
                answered(new ToolTurns(List.of(turn(2)), 1, 0), scored),
                answered(null, scored.withTokens(List.of(new TokenScore(0, 1)))),
                answered(null, scored.withTokens(List.of(new TokenScore(1, 1)))),
                answered(null, scored.withTokens(List.of(new TokenScore(1, 0.5)))));
        List<Long> sums = new ArrayList<>();
        for (RecordedAnswers row : rows) {
            RecordedSampling sampling = new RecordedSampling(List.of(row));
            sums.add(sampling.checksum(sampling.prompts()));
        }
        assertThat(sums).doesNotHaveDuplicates();
    }

    private static ToolTurns.Turn turn(int after) {
        return new ToolTurns.Turn(after, new int[] {11}, "", List.of());
    }

    private static RecordedAnswers answered(@Nullable ToolTurns turns, Score score) {
        Completion answer =
                new Completion("a", new int[] {5, 6, 2}, new float[3], new float[3], FinishReason.STOP, null, turns);
        return new RecordedAnswers(PROMPT, List.of(answer), List.of(score));
    }
}
