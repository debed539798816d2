package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RankedTokensTest {

    /** Against the whole logits. */
    @ParameterizedTest
    @ValueSource(strings = {"models/llama", "models/gemma3"})
    void rank_equalsTheOrderOfTheLogits(String family) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {5, 9, 11, 40, 17, 33, 8});
        PackedBatch batch = builder.scoredPrompt().build();
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, Golden.dir(family), LoadOptions.FROZEN)) {
            float[] logits = model.read(batch).logits();
            float[] logprobs = model.logprobs(batch);
            RankedTokens found = model.rank(batch, 3);
            int vocabulary = model.config().vocabSize();
            assertThat(found.tokens()).isEqualTo(6);
            for (int row = 0; row < 6; row++) {
                float[] z = Arrays.copyOfRange(logits, row * vocabulary, (row + 1) * vocabulary);
                float own = z[batch.targets()[row]];
                int above = 0;
                for (float one : z) {
                    above += one > own ? 1 : 0;
                }
                assertThat(found.ranks()[row]).isEqualTo(1 + above);
                assertThat((double) found.logprobs()[row]).isCloseTo(logprobs[row], within(1e-5));
                double shift = logprobs[row] - own;
                float[] sorted = z.clone();
                Arrays.sort(sorted);
                for (int k = 0; k < 3; k++) {
                    assertThat(z[found.topIds()[row * 3 + k]]).isEqualTo(sorted[vocabulary - 1 - k]);
                    assertThat((double) found.topLogprobs()[row * 3 + k])
                            .isCloseTo(sorted[vocabulary - 1 - k] + shift, within(1e-5));
                }
            }
            RankedTokens bare = model.rank(batch, 0);
            assertThat(bare.logprobs()).isEqualTo(found.logprobs());
            assertThat(bare.ranks()).isEqualTo(found.ranks());
            assertThat(found.slice(2, 4).topIds()).isEqualTo(Arrays.copyOfRange(found.topIds(), 6, 12));
        }
    }

    @Test
    void lengthsThatDoNotFit_areRefused() {
        assertThatThrownBy(() -> new RankedTokens(1, new float[2], new int[2], new int[1], new float[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 ids");
    }
}
