package ai.preceptor.ranking.online;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.RankedGroup;
import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.ranking.RankMethod;
import ai.preceptor.ranking.pair.DpoLoss;
import ai.preceptor.ranking.pair.PairOptions;
import ai.preceptor.train.Metric;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.sampling.FakeSampler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two prompts a step; of the usual scores 1 and the prompt's place, prompt 1 is a tie. */
class OnlineRowsTest {
    private final List<String> calls = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> samples = new ArrayList<>();

    private boolean stopping;

    @TempDir
    Path checkpoint;

    /** Prompt 1 is a tie, so another batch is sampled, of which one prompt is too many. */
    @Test
    void at_ties_areReplacedByMorePrompts() {
        OnlineRows<RankedGroup> rows = rows(FakeSampler::usual, 10);
        StepRows<SampledRow<RankedGroup>> step = rows.at(0);
        assertThat(scores(step)).containsExactly(List.of(1.0, 0.0), List.of(2.0, 1.0));
        assertThat(calls).containsExactly("open 0 v0", "next 2", "publish v1", "next 2");
        assertThat(step.epoch()).isEqualTo(0.4);
        assertThat(samples.stream().map(row -> row.get("outcome")))
                .containsExactly("used", "used", "tie", "tie", "used", "used", "surplus", "surplus");
        assertThat(samples.stream().map(row -> row.get("used")))
                .containsExactly(true, true, false, false, true, true, false, false);
        assertThat(rows.counts()).isEqualTo(new OnlineCounts(8, 0, 4, 2, 1, 0, 0, 1));
        assertThat(scores(rows.at(1))).containsExactly(List.of(4.0, 1.0), List.of(5.0, 1.0));
        assertThat(calls).endsWith("publish v2", "next 2");
        rows.close();
        assertThat(calls).endsWith("close");
    }

    /** Four prompts were answered, two learnt from, one tied; margins are 1 - 0 and 2 - 1. */
    @Test
    void metrics_areThoseOfAllThatWasSampled_andToldOnce() {
        OnlineRows<RankedGroup> rows = rows(FakeSampler::usual, 10);
        rows.at(0);
        Map<String, Metric> metrics = rows.takeMetrics();
        assertThat(metrics.get("frac_groups_skipped").value()).isEqualTo(0.5);
        assertThat(metrics.get("frac_groups_tied").value()).isEqualTo(0.25);
        assertThat(metrics.get("frac_groups_repeated").value()).isZero();
        assertThat(metrics.get("sampling_batches").value()).isEqualTo(2);
        assertThat(metrics.get("objective/scores_margin").value()).isEqualTo(1);
        assertThat(metrics.get("reward").value()).isEqualTo(10.0 / 8, within(1e-12));
        assertThat(metrics.get("rewards/rule/mean").value()).isEqualTo(10.0 / 8, within(1e-12));
        assertThat(metrics.get("judge/undecided").value()).isEqualTo(0.25);
        assertThat(rows.takeMetrics()).isEmpty();
    }

    /** One batch may be sampled: the step learns from the one prompt that there is. */
    @Test
    void at_batchesUsedUp_learnsFromWhatThereIs() {
        OnlineRows<RankedGroup> rows = rows(FakeSampler::usual, 1);
        assertThat(scores(rows.at(0))).containsExactly(List.of(1.0, 0.0));
        assertThat(scores(rows.at(1))).hasSize(2);
        assertThat(calls).containsExactly("open 0 v0", "next 2", "publish v1", "next 2");
    }

    @Test
    void at_nothingToLearnFrom_endsTheRun_withCountsAndCause() {
        OnlineRows<RankedGroup> ties = rows((prompt, answer) -> Score.of(3), 2);
        assertThatThrownBy(() -> ties.at(0))
                .isInstanceOf(ScorerException.class)
                .hasMessageContaining("rule: after 2 batches (max_num_gen_batches)")
                .hasMessageContaining(": 4 tie of the prompts");
        OnlineRows<RankedGroup> lost = rows((prompt, answer) -> Score.unscored("no licence"), 1);
        assertThatThrownBy(() -> lost.at(0))
                .hasMessageContaining("2 unscored of the prompts")
                .hasMessageContaining("no licence");
    }

    /** A checkpoint after a step goes on after its answers, one from within it samples them again. */
    @Test
    void resume_equalsARunThatWasNotStopped() {
        OnlineRows<RankedGroup> straight = rows(FakeSampler::usual, 10);
        straight.at(0);
        straight.at(1);
        List<List<Double>> third = scores(straight.at(2));
        OnlineCounts counts = straight.counts();

        OnlineRows<RankedGroup> stopped = rows(FakeSampler::usual, 10);
        stopped.at(0);
        stopped.at(1);
        stopped.saveState(checkpoint);
        calls.clear();
        OnlineRows<RankedGroup> after = rows(FakeSampler::usual, 10);
        after.loadState(checkpoint);
        assertThat(scores(after.at(2))).isEqualTo(third);
        assertThat(after.counts()).isEqualTo(counts);
        assertThat(calls).containsExactly("open 6 v3", "next 2");

        after.saveState(checkpoint);
        calls.clear();
        OnlineRows<RankedGroup> within = rows(FakeSampler::usual, 10);
        within.loadState(checkpoint);
        assertThat(scores(within.at(2))).isEqualTo(third);
        assertThat(within.counts()).isEqualTo(counts);
        assertThat(calls).containsExactly("open 6 v3", "next 2");
    }

    /** A stop while the step lacks a prompt: nothing more is sampled, and the resumed run samples the step anew. */
    @Test
    void at_stopAskedFor_samplesNoFurtherBatch() {
        List<List<Double>> first = scores(rows(FakeSampler::usual, 10).at(0));
        calls.clear();
        stopping = true;
        OnlineRows<RankedGroup> stopped = rows(FakeSampler::usual, 10);
        assertThat(scores(stopped.at(0))).hasSize(1);
        assertThat(calls).containsExactly("open 0 v0", "next 2");
        assertThat(rows((prompt, answer) -> Score.of(3), 10).at(0).isExhausted())
                .as("the loop stops before it takes this for the end")
                .isTrue();
        stopped.saveState(checkpoint);
        stopping = false;
        calls.clear();
        OnlineRows<RankedGroup> resumed = rows(FakeSampler::usual, 10);
        resumed.loadState(checkpoint);
        assertThat(scores(resumed.at(0))).isEqualTo(first);
        assertThat(calls).containsExactly("open 0 v0", "next 2", "publish v1", "next 2");
        assertThat(resumed.counts()).isEqualTo(new OnlineCounts(8, 0, 4, 2, 1, 0, 0, 1));
    }

    @Test
    void identity_isThatOfThePrompts() {
        OnlineRows<RankedGroup> rows = rows(FakeSampler::usual, 10);
        assertThat(rows.identity()).containsEntry("prompts", "10").containsEntry("prompts_checksum", "ff");
        assertThat(rows.stepsPerEpoch()).isEqualTo(5);
    }

    private OnlineRows<RankedGroup> rows(BiFunction<Long, Integer, Score> scores, int batches) {
        RankMethod dpo = new RankMethod.Pairs(DpoLoss.sigmoid(0.1), PairOptions.PLAIN);
        @SuppressWarnings("unchecked") // of a loss over pairs
        OnlineMethod<RankedGroup> method = (OnlineMethod<RankedGroup>) OnlineMethod.of(dpo, null, 0);
        return new OnlineRows<>(
                new OnlinePlan(10, 0xff, 2, 2, batches),
                method,
                0,
                new OnlinePorts(
                        (cursor, version) -> new FakeSampler(scores, calls, 100, cursor, version),
                        "rule",
                        samples::add,
                        () -> Map.of("judge/undecided", 0.25),
                        () -> 0,
                        () -> stopping));
    }

    /** Of each row, its answers' scores in their order. */
    private static List<List<Double>> scores(StepRows<SampledRow<RankedGroup>> step) {
        return step.microBatches().stream()
                .flatMap(batch -> batch.rows().stream())
                .map(row -> row.answers().stream()
                        .map(Trajectory::score)
                        .map(Score::value)
                        .toList())
                .toList();
    }
}
