package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenStatisticsTest {

    /** Every statistic against sums over the whole logits, from a walk that keeps its tiles and one that does not. */
    @Test
    void statistics_equalThoseOfTheLogits() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {5, 9, 11});
        PackedBatch batch = builder.completion(new int[] {40, 17, 33, 8}).build();
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir("models/llama"), LoadOptions.TRAINED)) {
            float[] logits = model.read(batch).logits();
            EnumSet<TokenStatistic> all = EnumSet.allOf(TokenStatistic.class);
            try (ForwardPass trained = model.forward(batch, all);
                    ForwardPass looked = model.inspect(batch, all)) {
                check(trained.statistics(), logits, batch.targets());
                check(looked.statistics(), logits, batch.targets());
            }
        }
    }

    private static void check(TokenStatistics found, float[] logits, int[] targets) {
        int vocabulary = logits.length / targets.length;
        for (int row = 0; row < targets.length; row++) {
            double sum = 0;
            double top = Double.NEGATIVE_INFINITY;
            double mean = 0;
            for (int v = 0; v < vocabulary; v++) {
                double z = logits[row * vocabulary + v];
                sum += Math.exp(z);
                top = Math.max(top, z);
                mean += z / vocabulary;
            }
            double entropy = 0;
            double squares = 0;
            for (int v = 0; v < vocabulary; v++) {
                double p = Math.exp(logits[row * vocabulary + v]) / sum;
                entropy -= p * Math.log(p);
                squares += p * p;
            }
            assertThat((double) found.of(TokenStatistic.ENTROPY)[row]).isCloseTo(entropy, within(1e-4));
            assertThat((double) found.of(TokenStatistic.LOG_SUM_SQUARES)[row])
                    .isCloseTo(Math.log(squares), within(1e-4));
            assertThat((double) found.of(TokenStatistic.MEAN_LOGIT)[row]).isCloseTo(mean, within(1e-5));
            assertThat(found.top1()[row]).isEqualTo(logits[row * vocabulary + targets[row]] == top ? 1 : 0);
        }
    }

    @Test
    void of_whatWasNotAskedFor_isRefused() {
        TokenStatistics none = new TokenStatistics(new float[0], Map.of());
        assertThatThrownBy(() -> none.of(TokenStatistic.ENTROPY))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ENTROPY");
        assertThat(Set.of(TokenStatistic.values())).hasSize(3);
    }
}
