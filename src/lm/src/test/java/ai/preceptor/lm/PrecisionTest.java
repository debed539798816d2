package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.config.LoraConfig;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bfloat16 may change, and what it saves. */
class PrecisionTest {
    @TempDir
    private Path folder;

    @Test
    void logprobs_inBfloat16_areNearThoseInFloat32() throws IOException {
        try (Torch torch = Torch.open("cpu", 1)) {
            Path directory = RandomModel.write(torch, folder.resolve("model"), true);
            try (LanguageModel exact = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
                    LanguageModel rounded =
                            LanguageModel.load(torch, directory, new LoadOptions(Precision.BFLOAT16, false))) {
                float[] want = exact.logprobs(RandomModel.batch());
                float[] got = rounded.logprobs(RandomModel.batch());
                double sum = 0;
                for (int i = 0; i < want.length; i++) {
                    sum += Math.abs(want[i] - got[i]);
                }
                assertThat(sum / want.length).isPositive().isLessThan(0.05);
            }
        }
    }

    @Test
    void frozenWeights_inBfloat16_haveNoMaster_normsStayFloat32() throws IOException {
        try (Torch torch = Torch.open("cpu", 1)) {
            Path directory = RandomModel.write(torch, folder.resolve("model"), true);
            LoadOptions adapted = new LoadOptions(Precision.BFLOAT16, true).withLora(LoraConfig.of(2, 4), 1);
            try (LanguageModel model = LanguageModel.load(torch, directory, adapted)) {
                for (Parameter block : model.parameters().blocks()) {
                    assertThat(block.isTrainable()).isFalse();
                    assertThat(block.hasCopy()).isFalse();
                }
                assertThat(model.parameters().trained()).isNotEmpty().allMatch(Parameter::hasCopy);
            }
        }
    }
}
