package ai.preceptor.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.Totals;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogprobObjectiveTest {
    private static final LossInputs<String> INPUTS =
            new LossInputs<>(List.of("a"), List.of(new Span(0, 1)), new float[] {-2}, null, new Totals(1, 1));

    /** Asks for a statistic, and reads it for a metric, or for its loss. */
    private record Asking(Set<TokenStatistic> lossStatistics, float[] entropyGradient) implements Objective<String> {
        @Override
        public String name() {
            return "asking";
        }

        @Override
        public void pack(String row, PromptEncoder encoder, PackedBatch.Builder into) {
            into.prompt(new int[] {1});
            into.completion(new int[] {row.charAt(0)});
        }

        @Override
        public int completions(String row) {
            return 1;
        }

        @Override
        public boolean needsReference() {
            return false;
        }

        @Override
        public int tokens(String row, List<Span> spans) {
            return 7;
        }

        @Override
        public Set<TokenStatistic> statistics() {
            return Set.of(TokenStatistic.ENTROPY);
        }

        @Override
        public LossReport evaluate(LossInputs<String> in) {
            return new LossReport(in.statistics() == null ? 3 : 4, new float[] {0.5f}, entropyGradient, Map.of());
        }
    }

    @Test
    void evaluate_withoutStatistics_isTheSameLoss() {
        Objective<String> objective = new LogprobObjective<>(new Asking(Set.of(), null));

        assertThat(objective.statistics()).isEmpty();
        assertThat(objective.evaluate(INPUTS).loss()).isEqualTo(3);
        assertThat(objective.evaluate(INPUTS).gradient()).containsExactly(0.5f);
        assertThat(objective.tokens("a", List.of())).isEqualTo(7);
        assertThat(objective.parts()).containsEntry("loss", "asking");
    }

    @Test
    void constructor_lossOfMoreThanLogprobs_isRefusedByName() {
        assertThatThrownBy(() -> new LogprobObjective<>(new Asking(Set.of(TokenStatistic.ENTROPY), null)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("loss asking: expected one of token log-probabilities only, which is what this model gives;"
                        + " found one that also reads [ENTROPY] of each token's distribution");
    }

    @Test
    void evaluate_derivativeByEntropies_isRefused() {
        Objective<String> objective = new LogprobObjective<>(new Asking(Set.of(), new float[] {1}));

        assertThatThrownBy(() -> objective.evaluate(INPUTS)).isInstanceOf(UnsupportedOperationException.class);
    }
}
