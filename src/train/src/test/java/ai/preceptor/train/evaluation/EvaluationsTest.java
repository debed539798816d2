package ai.preceptor.train.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationsTest {
    @TempDir
    Path checkpoint;

    private @Nullable Map<String, Double> next;
    private Set<String> names = Set.of();
    private String rows = "rows=2 checksum=a";

    private final Evaluator evaluator = new Evaluator() {
        @Override
        public Optional<Map<String, Double>> measure() {
            return Optional.ofNullable(next);
        }

        @Override
        public String identity() {
            return rows;
        }

        @Override
        public Set<String> names(String wanted) {
            return names;
        }
    };

    private static EvaluationSettingsBuilder best() {
        return EvaluationSettings.builder().evalSteps(2).loadBestModelAtEnd(true);
    }

    private Evaluations of(EvaluationSettingsBuilder settings) {
        return new Evaluations(settings.build(), evaluator, () -> 0);
    }

    private void measure(Evaluations evaluations, int step, double loss, double accuracy) {
        next = new LinkedHashMap<>();
        next.put("eval_loss", loss);
        next.put("eval_accuracy", accuracy);
        assertThat(evaluations.measure(step)).isPresent();
    }

    @Test
    void isDue_everySoManyStepsAndAfterTheLast_once() {
        Evaluations evaluations = of(EvaluationSettings.builder().evalSteps(2));
        assertThat(evaluations.isDue(1, 5)).isFalse();
        assertThat(evaluations.isDue(2, 5)).isTrue();
        assertThat(evaluations.isDue(5, 5)).isTrue();
        measure(evaluations, 2, 1, 0);
        assertThat(evaluations.isDue(2, 5)).isFalse();
        assertThat(evaluations.isMade(2)).isTrue();
        Evaluations atTheEnd = of(EvaluationSettings.builder());
        assertThat(atTheEnd.isDue(4, 5)).isFalse();
        assertThat(atTheEnd.isDue(5, 5)).isTrue();
    }

    /** As transformers: the name may lack its prefix, and a loss is better when it is lower. */
    @Test
    void measure_metricByItsShortName_endsWithTheValuesOfTheBest() {
        Evaluations evaluations = of(best().metricForBestModel("accuracy"));
        measure(evaluations, 2, 0.5, 0.75);
        measure(evaluations, 4, 0.25, 0.5);
        assertThat(evaluations.toLoad()).isEqualTo(new BestModel("eval_accuracy", 2, 0.75));
        assertThat(evaluations.result().row())
                .containsEntry("eval_loss", 0.5)
                .containsEntry("metric_for_best_model", "eval_accuracy")
                .containsEntry("best_global_step", 2)
                .containsEntry("best_metric", 0.75)
                .doesNotContainKey("stopped_early");
        Evaluations lower = of(best().metricForBestModel("eval_accuracy").greaterIsBetter(false));
        measure(lower, 2, 0.5, 0.75);
        measure(lower, 4, 0.25, 0.5);
        assertThat(lower.toLoad()).isEqualTo(new BestModel("eval_accuracy", 4, 0.5));
    }

    /** Without load_best_model_at_end the run ends with the last weights, whose values are told. */
    @Test
    void isOver_patienceUsedUp_tellsTheLastValues() {
        Evaluations evaluations = of(EvaluationSettings.builder().evalSteps(2).earlyStoppingPatience(2));
        measure(evaluations, 2, 1, 0);
        measure(evaluations, 4, 2, 0);
        assertThat(evaluations.isOver()).isFalse();
        measure(evaluations, 6, 3, 0);
        assertThat(evaluations.isOver()).isTrue();
        assertThat(evaluations.toLoad()).isNull();
        assertThat(evaluations.result().row())
                .containsEntry("eval_loss", 3.0)
                .containsEntry("best_global_step", 2)
                .containsEntry("stopped_early", true);
    }

    @Test
    void measure_metricThatIsNotThere_isRefusedWithThoseThatAre() {
        Evaluations evaluations = of(best().metricForBestModel("acuracy"));
        String message = "metric_for_best_model: expected one of eval_accuracy, eval_loss, found eval_acuracy";
        evaluations.requireMetric(); // nothing is known of names yet
        names = Set.of("eval_loss", "eval_accuracy");
        assertThatThrownBy(evaluations::requireMetric)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> measure(evaluations, 2, 1, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
        assertThat(evaluations.isMade(2))
                .as("a resumed run with the right name measures it")
                .isFalse();
        of(EvaluationSettings.builder().evalSteps(2)).requireMetric(); // where nothing is decided, nothing is missing
    }

    /** A model with outputs that are not finite has no other metrics. */
    @Test
    void measure_brokenModel_isNotBest() {
        Evaluations evaluations = of(best().metricForBestModel("accuracy").earlyStoppingPatience(1));
        measure(evaluations, 2, 1, 0.5);
        next = Map.of("eval_loss", Double.NaN);
        assertThat(evaluations.measure(4)).isPresent();
        assertThat(evaluations.toLoad()).isEqualTo(new BestModel("eval_accuracy", 2, 0.5));
        assertThat(evaluations.isOver()).isTrue();
    }

    @Test
    void loadState_ofAnEarlierProcess_goesOn() {
        EvaluationSettingsBuilder settings = best().earlyStoppingPatience(3);
        Evaluations first = of(settings);
        measure(first, 2, 0.1, 0.5);
        measure(first, 4, Double.NaN, 0.5);
        first.saveState(checkpoint);
        Evaluations second = of(settings);
        second.loadState(checkpoint);
        assertThat(second.isMade(4)).isTrue();
        assertThat(second.result()).isEqualTo(first.result());
        measure(second, 6, 0.2, 0.5);
        assertThat(second.isOver()).isFalse();
        measure(second, 8, 0.3, 0.5);
        assertThat(second.isOver()).as("one before the resume, two after").isTrue();
        assertThat(second.toLoad()).isEqualTo(new BestModel("eval_loss", 2, 0.1));
        second.forgetBest();
        assertThat(second.toLoad()).isNull();
        Evaluations other = of(best().metricForBestModel("accuracy"));
        other.loadState(checkpoint);
        assertThat(other.toLoad()).as("the best by another metric").isNull();
    }

    /** A value on other rows, or of which the other direction is better, is as one of another metric. */
    @Test
    void loadState_otherRowsOrDirection_choosesAnew() {
        Evaluations first = of(best().earlyStoppingPatience(1));
        measure(first, 2, 0.1, 0.5);
        measure(first, 4, 0.2, 0.5);
        first.saveState(checkpoint);
        Evaluations flipped = of(best().earlyStoppingPatience(1).greaterIsBetter(true));
        flipped.loadState(checkpoint);
        assertThat(flipped.toLoad()).isNull();
        assertThat(flipped.isOver()).isFalse();
        Evaluations written = of(best().earlyStoppingPatience(1).greaterIsBetter(false));
        written.loadState(checkpoint);
        assertThat(written.toLoad()).as("the default, written").isEqualTo(new BestModel("eval_loss", 2, 0.1));
        assertThat(written.isOver()).isTrue();
        rows = "rows=2 checksum=b";
        Evaluations others = of(best().earlyStoppingPatience(1));
        others.loadState(checkpoint);
        assertThat(others.toLoad()).isNull();
        assertThat(others.isOver()).isFalse();
        assertThat(flipped.isDue(4, 4)).isTrue();
        assertThat(written.isDue(4, 4)).isFalse();
        assertThat(others.isDue(4, 4)).isTrue();
        assertThat(others.result().values()).isEmpty();
        Evaluations undecided = of(EvaluationSettings.builder().evalSteps(2));
        undecided.loadState(checkpoint);
        assertThat(undecided.isDue(4, 4))
                .as("other rows, and nothing to choose")
                .isTrue();
        rows = "rows=2 checksum=a";
        undecided.loadState(checkpoint);
        assertThat(undecided.isDue(4, 4)).isFalse();
    }

    @Test
    void loadState_fromBeforeRowsAndDirectionWereNoted_goesOn() throws IOException {
        Files.writeString(
                checkpoint.resolve("evaluation.json"),
                "{\"step\":2,\"values\":{\"eval_loss\":0.5},\"best\":{\"metric\":\"eval_loss\",\"step\":2,\"value\":0.5},"
                        + "\"best_values\":{\"eval_loss\":0.5},\"without_improvement\":0}");
        Evaluations evaluations = of(best());
        evaluations.loadState(checkpoint);
        assertThat(evaluations.toLoad()).isEqualTo(new BestModel("eval_loss", 2, 0.5));
    }

    /** From before models were compared. */
    @Test
    void loadState_stepAndValuesOnly_isRead() throws IOException {
        Files.writeString(checkpoint.resolve("evaluation.json"), "{\"step\":2,\"values\":{\"eval_reward\":1.5}}");
        Evaluations evaluations = of(best());
        evaluations.loadState(checkpoint);
        assertThat(evaluations.isMade(2)).isTrue();
        assertThat(evaluations.result().values()).containsEntry("eval_reward", 1.5);
        assertThat(evaluations.toLoad()).isNull();
    }

    @Test
    void settings_withoutEffect_areRefusedTogether() {
        assertThatThrownBy(() -> EvaluationSettings.builder()
                        .metricForBestModel("loss")
                        .greaterIsBetter(true)
                        .earlyStoppingThreshold(0.5)
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("metric_for_best_model: expected none without load_best_model_at_end")
                .hasMessageContaining("greater_is_better: expected none without load_best_model_at_end")
                .hasMessageContaining(
                        "early_stopping_threshold: expected 0 without early_stopping_patience, found 0.5");
        assertThatThrownBy(() ->
                        EvaluationSettings.builder().loadBestModelAtEnd(true).build())
                .hasMessageContaining("load_best_model_at_end: expected eval_steps to be set");
        assertThatThrownBy(() -> best().earlyStoppingPatience(0).build())
                .hasMessageContaining("early_stopping_patience: expected an integer in [1, inf), found 0");
    }
}
