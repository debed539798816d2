package ai.preceptor.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.text.TemplateEncoder;
import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real, tiny model: against TRL's numbers (golden/README.md), and against itself. */
class TinyChatTest {
    private static final long SEED = 20261124;
    private static final int ROWS = 4; // of TRL's first step

    private static Torch torch;
    private static LanguageModel model;
    private static Tokenizer tokenizer;
    private static TemplateEncoder encoder;

    @BeforeAll
    static void load() {
        Path directory = Golden.dir("tiny-chat");
        torch = Torch.open("cpu", 1);
        model = LanguageModel.load(torch, directory, LoadOptions.FROZEN);
        tokenizer = Tokenizer.load(directory);
        encoder = TemplateEncoder.load(directory, tokenizer, Boundary.REFUSE);
    }

    @AfterAll
    static void free() {
        tokenizer.close();
        model.close();
        torch.close();
    }

    private static List<float[]> logprobs(LanguageModel any, List<int[]> prompts, List<int[]> completions) {
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int i = 0; i < prompts.size(); i++) {
            builder.prompt(prompts.get(i));
            builder.completion(completions.get(i));
        }
        PackedBatch batch = builder.build();
        float[] all = any.logprobs(batch);
        List<float[]> own = new ArrayList<>();
        for (Span span : batch.spans()) {
            own.add(Arrays.copyOfRange(all, span.from(), span.to()));
        }
        return own;
    }

    private static List<Preference> pairs() {
        return Datasets.preferences(Golden.file("pairs.jsonl"), ROWS, OnBadRow.FAIL)
                .rows();
    }

    /** The loss of SFT before its first step is the mean negative log-likelihood of the step's completion tokens. */
    @Test
    void logprobs_equalTrlsLoss() {
        double golden = Golden.json("trl_curves.json")
                .required("sft/completion_only")
                .at("/steps/0/loss")
                .doubleValue();
        List<int[]> prompts =
                pairs().stream().map(pair -> encoder.prompt(pair.prompt())).toList();
        List<int[]> completions = pairs().stream()
                .map(pair -> encoder.completion(pair.prompt(), pair.chosen()))
                .toList();
        double sum = 0;
        long tokens = 0;
        for (float[] answer : logprobs(model, prompts, completions)) {
            for (float logprob : answer) {
                sum -= logprob;
            }
            tokens += answer.length;
        }
        assertThat(sum / tokens).isCloseTo(golden, within(1e-5));
    }

    private static AnswerSet sampled(int samples) {
        List<Prompt> prompts = pairs().stream().map(Preference::prompt).toList();
        List<List<Completion>> completions = new Generator(model, tokenizer)
                .generate(
                        prompts.stream().map(encoder::prompt).toList(), samples, SamplingOptions.unfiltered(12, SEED));
        return new AnswerSet(prompts, completions);
    }

    @Test
    void kl_toItselfIsZero() {
        SequenceLogprobs same = (prompts, completions) -> logprobs(model, prompts, completions);
        KlToReference kl = new KlMeter(encoder, same).measure(same, sampled(2));
        assertThat(kl.answers()).isEqualTo(2 * ROWS);
        assertThat(kl.k1().mean()).isZero();
        assertThat(kl.k3().mean()).isZero();
    }

    /** Two unrelated models: the two estimators must agree on how far apart they are, within their own errors. */
    @Test
    void kl_toAnotherModelIsPositive() {
        try (LanguageModel other = LanguageModel.initialise(torch, model.config(), LoadOptions.FROZEN, SEED)) {
            KlToReference kl = new KlMeter(encoder, (prompts, completions) -> logprobs(other, prompts, completions))
                    .measure((prompts, completions) -> logprobs(model, prompts, completions), sampled(16));
            assertThat(kl.k3().mean()).isPositive();
            assertThat(kl.k1().mean())
                    .isCloseTo(
                            kl.k3().mean(),
                            within(4 * (kl.k1().standardError() + kl.k3().standardError())));
        }
    }
}
