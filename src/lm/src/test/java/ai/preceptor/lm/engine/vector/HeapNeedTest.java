package ai.preceptor.lm.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TinyFamilies;
import ai.preceptor.lm.decoder.DecoderWeights;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.WeightType;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HeapNeedTest {
    @ParameterizedTest
    @EnumSource
    void numbers_areThoseOfTheLoadedMatrices(TinyFamilies family) {
        try (Torch torch = Torch.open("cpu", 0);
                Scope merging = torch.scope();
                LanguageModel model = family.model(torch, LoadOptions.FROZEN)) {
            DecoderWeights weights = DecoderWeights.merged(model.decoder(), merging);
            long matrices = Arrays.stream(weights.projections())
                    .mapToLong(NDArray::size)
                    .sum();
            assertThat(HeapNeed.numbers(model.config()))
                    .isEqualTo(matrices + model.head().compute().size());
        }
    }

    /** Two layers of one head of 16 keys and 16 values in float32, 300 tokens in 5 blocks of 64, beside matrices of bfloat16. */
    @Test
    void bytes_haveASampleBesideTheWeights() {
        DecoderConfig config = config(300);
        assertThat(new HeapNeed(config, WeightType.BFLOAT16).bytes())
                .isEqualTo(2 * HeapNeed.numbers(config) + 5 * 64 * 2 * (16 + 16) * 4);
    }

    @Test
    void bytes_longContext_countOfIt4096Tokens() {
        assertThat(new HeapNeed(config(1 << 17), WeightType.INT8).bytes())
                .isEqualTo(new HeapNeed(config(HeapNeed.TOKENS), WeightType.INT8).bytes());
    }

    private static DecoderConfig config(int context) {
        return DecoderConfig.read(Golden.dir("models/llama"))
                .edited(json -> json.put("num_hidden_layers", 2)
                        .put("num_attention_heads", 4)
                        .put("num_key_value_heads", 1)
                        .put("head_dim", 16)
                        .put("max_position_embeddings", context));
    }
}
