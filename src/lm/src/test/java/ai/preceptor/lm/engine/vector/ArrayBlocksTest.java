package ai.preceptor.lm.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.preceptor.data.Completion;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.engine.store.BlockMemory.PromptColumns;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import ai.preceptor.vector.KeyValueBlocks;
import ai.preceptor.vector.WeightType;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArrayBlocksTest {
    private static final Path MODEL = Golden.dir("models/llama");

    /** Its keys are more than DJL copies at once; here they are one number, repeated without memory. */
    @Test
    void copy_ofAPromptWithKeysOfTwoGigabytes_goes() {
        DecoderConfig config = DecoderConfig.read(MODEL);
        long layers = config.layers();
        long heads = config.kvHeads();
        long size = config.headDim();
        long tokens = (1L << 29) / (layers * heads * size) + KeyValueBlocks.COLUMNS;
        try (Torch torch = Torch.open("cpu", 1);
                Scope scope = torch.scope()) {
            NDArray one = scope.floats(new float[] {1}, 1, 1, 1, 1);
            NDArray keys = one.broadcast(new Shape(layers, heads, size, tokens));
            NDArray values = one.broadcast(new Shape(layers, heads, tokens, size));
            ArrayBlocks blocks = new ArrayBlocks(torch, config, 1);
            blocks.clear(0);
            assertThatCode(() -> {
                        PromptColumns columns = blocks.columns(keys, values);
                        columns.copy(new long[] {0, tokens - KeyValueBlocks.COLUMNS, KeyValueBlocks.COLUMNS});
                    })
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void generate_afterPromptsOfSeveralBlocks_givesTheIdsOfTensors() {
        List<int[]> prompts = List.of(ids(1, 70), ids(2, 85));
        try (Torch torch = Torch.open("cpu", 1);
                LanguageModel model = LanguageModel.load(torch, MODEL, LoadOptions.FROZEN)) {
            GenerationLimits limits = GenerationLimits.DEFAULT;
            assertThat(answers(model, prompts, limits.with(new DecodeSettings(WeightType.FLOAT32))))
                    .isDeepEqualTo(answers(model, prompts, limits));
        }
    }

    private static int[][] answers(LanguageModel model, List<int[]> prompts, GenerationLimits limits) {
        List<List<Completion>> answers =
                new Generator(model, ids -> "", new int[0], limits).generate(prompts, 1, SamplingOptions.greedy(12));
        return answers.stream().map(answer -> answer.get(0).tokenIds()).toArray(int[][]::new);
    }

    private static int[] ids(long seed, int count) {
        return new Random(seed).ints(count, 3, 256).toArray();
    }
}
