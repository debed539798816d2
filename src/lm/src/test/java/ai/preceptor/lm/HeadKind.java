package ai.preceptor.lm;

import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Tiny float32 models by what becomes of their head; their vocabulary is walked in several tiles. */
enum HeadKind {
    PLAIN,
    TIED,
    CAPPED,
    FROZEN;

    static final int TILE = 16;

    private static final LoraConfig LORA = new LoraConfig(3, 6, 0, true, new TargetModules.AllLinear(), List.of());

    /** @param directory where it may be written */
    LanguageModel model(Torch torch, Path directory) throws IOException {
        LoadOptions options = LoadOptions.TRAINED.withVocabularyTile(TILE);
        if (this == CAPPED) {
            return TinyFamilies.GEMMA3.model(torch, options);
        }
        Path written = RandomModel.write(torch, directory, this == TIED);
        if (this != FROZEN) {
            return LanguageModel.load(torch, written, options);
        }
        LanguageModel model = LanguageModel.load(torch, written, options.withLora(LORA, 1));
        for (Parameter block : model.parameters().trained()) {
            if (block.parts().get(0).name().contains("lora_B")) {
                int size = Math.toIntExact(block.compute().size());
                model.parameters().set(block, block.parts().get(0), normal(size, size)); // at 0, A has no gradient
            }
        }
        return model;
    }

    static float[] normal(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
