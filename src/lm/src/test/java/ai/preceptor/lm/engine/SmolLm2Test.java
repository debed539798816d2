package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Needs SmolLM2-135M-Instruct in float32, whose directory the environment names. */
@EnabledIfEnvironmentVariable(
        named = "PRECEPTOR_SMOLLM2",
        matches = ".+",
        disabledReason = "set PRECEPTOR_SMOLLM2 to a directory with SmolLM2-135M-Instruct in float32")
class SmolLm2Test {
    @Test
    void generate_greedily_givesTransformersContinuations() {
        JsonNode rows = Golden.json("smollm2_expected.json").path("greedy");
        Path directory = Path.of(System.getenv("PRECEPTOR_SMOLLM2"));
        try (Torch torch = Torch.open("cpu", 0);
                LanguageModel model = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
                Tokenizer tokenizer = Tokenizer.load(directory)) {
            List<int[]> prompts = new ArrayList<>();
            rows.forEach(row -> prompts.add(Golden.ints(row.path("prompt_ids"))));
            List<List<Completion>> out =
                    new Generator(model, tokenizer).generate(prompts, 1, SamplingOptions.greedy(40));
            assertThat(rows.size()).isEqualTo(8);
            PackedBatch.Builder batch = PackedBatch.builder();
            List<Float> logprobs = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                Completion completion = out.get(i).get(0);
                assertThat(completion.tokenIds())
                        .isEqualTo(Golden.ints(rows.get(i).path("completion_ids")));
                batch.prompt(prompts.get(i));
                batch.completion(completion.tokenIds());
                for (float logprob : completion.logprobs()) {
                    logprobs.add(logprob);
                }
            }
            float[] scored = model.logprobs(batch.build());
            for (int i = 0; i < scored.length; i++) {
                assertThat(logprobs.get(i)).isCloseTo(scored[i], within(1e-4f));
            }
        }
    }
}
