package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.testkit.MetricsPage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewardAccuracyTest {
    private final Scorer scorer = mock(Scorer.class);

    private static List<Preference> pairs(String... sources) {
        List<Preference> pairs = new ArrayList<>();
        for (String source : sources) {
            Prompt prompt = new Prompt(Prompt.plain("q" + pairs.size()).text(), Map.of("source", source));
            pairs.add(new Preference(prompt, prompt.reply("good"), prompt.reply("bad")));
        }
        return pairs;
    }

    private void scores(Score... scores) {
        when(scorer.name()).thenReturn("reward");
        when(scorer.score(anyList())).thenReturn(Arrays.asList(scores));
    }

    private void scores(double... values) {
        scores(Arrays.stream(values).mapToObj(Score::of).toArray(Score[]::new));
    }

    private RewardAccuracy measure(List<Preference> heldOut) {
        return RewardAccuracy.of(ScoredPairs.measure(scorer, heldOut), pair -> null);
    }

    /** Margins 2, -1, 0, 3: two right, one wrong, one tie. */
    @Test
    void measure_countsATieHalf() {
        scores(3, 1, 1, 2, 5, 5, 0, -3);
        RewardAccuracy accuracy = measure(pairs("a", "a", "b", "b"));
        assertThat(accuracy.accuracy()).isEqualTo(new Proportion(2.5, 4));
        assertThat(accuracy.margin().mean()).isEqualTo(1);
        assertThat(accuracy.unscored()).isZero();
        assertThat(accuracy.subsets()).isEmpty();
    }

    @Test
    void measure_bySubset() {
        scores(3, 1, 1, 2, 5, 5, 0, -3);
        RewardAccuracy accuracy = RewardAccuracy.of(
                ScoredPairs.measure(scorer, pairs("b", "b", "a", "a")),
                pair -> "" + pair.prompt().columns().get("source"));
        assertThat(accuracy.subsets()).isEqualTo(Map.of("a", new Proportion(1.5, 2), "b", new Proportion(1, 2)));
        assertThat(accuracy.accuracy()).isEqualTo(new Proportion(2.5, 4));
    }

    @Test
    void measure_leavesPairsWithoutAScoreOut() {
        scores(Score.of(1), Score.unscored("too long"), Score.of(1), Score.of(0));
        RewardAccuracy accuracy = measure(pairs("a", "a"));
        assertThat(accuracy.accuracy()).isEqualTo(new Proportion(1, 1));
        assertThat(accuracy.unscored()).isEqualTo(1);
    }

    @Test
    void measure_ofNothingScoredIsAnError() {
        scores(Score.of(1), Score.unscored("too long"));
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> measure(pairs("a")))
                .withMessage("reward: scored none of 1 held-out pairs; the first: too long");
    }

    @Test
    void measure_ofAScorerThatLosesAnswersIsAnError() {
        scores(1, 2, 3);
        assertThatExceptionOfType(ScorerException.class)
                .isThrownBy(() -> measure(pairs("a", "b")))
                .withMessage("reward: 3 scores, must be one per answer: 4");
    }

    @Test
    void toRow_namesWhatIsOnTheMetricsPage() {
        scores(3, 1, 1, 2, 5, 5, 0, -3);
        Map<String, Object> row = measure(pairs("a", "a", "b", "b")).toRow();
        assertThat(row).containsEntry("eval_accuracy", 0.625).containsEntry("eval_pairs", 4);
        assertThat((double) row.get("eval_accuracy_low"))
                .isCloseTo(new Proportion(2.5, 4).interval().low(), within(1e-12));
        MetricsPage.requireDocumented(row.keySet());
    }
}
