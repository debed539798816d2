package ai.preceptor.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.lm.DecoderWeights;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.Parameter;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DecodeEngineTest {
    private static Torch torch;
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        torch = Torch.open("cpu", 1);
        model = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN);
    }

    @AfterAll
    static void close() {
        model.close();
        torch.close();
    }

    @Test
    void step_samplesOfAPrompt_shareItsPrefill() {
        List<Sample> samples = samples(3, 20, 5, 6);
        try (DecodeEngine engine = new DecodeEngine(DecoderWeights.of(model), 2, 64, 1)) {
            engine.submit(samples);
            assertThat(drain(engine)).hasSize(15);
            assertThat(engine.prefilledTokens())
                    .as("three prompts of 20 tokens, each computed once, though two rows served fifteen samples")
                    .isEqualTo(60);
        }
    }

    @Test
    void step_prefillBudget_takesPromptsTogether() {
        try (DecodeEngine engine = new DecodeEngine(DecoderWeights.of(model), 8, 64, 45)) {
            engine.submit(samples(4, 20, 1, 6));
            engine.step();
            assertThat(engine.prefilledTokens()).isEqualTo(80);
        }
        try (DecodeEngine engine = new DecodeEngine(DecoderWeights.of(model), 1, 64, 45)) {
            engine.submit(samples(4, 20, 1, 6));
            engine.step();
            assertThat(engine.prefilledTokens())
                    .as("two prompts ahead of one row")
                    .isEqualTo(40);
        }
    }

    @Test
    void submit_whileDecoding_joinsTheRunningRows() {
        List<Sample> early = samples(2, 10, 1, 12);
        List<Sample> late = samples(2, 15, 1, 12);
        try (DecodeEngine engine = new DecodeEngine(DecoderWeights.of(model), 4, 64, 64)) {
            engine.submit(early);
            for (int i = 0; i < 5; i++) {
                assertThat(engine.step()).isEmpty();
            }
            engine.submit(late);
            assertThat(drain(engine)).containsExactlyInAnyOrderElementsOf(concat(early, late));
        }
        List<Sample> alone = samples(2, 15, 1, 12);
        try (DecodeEngine engine = new DecodeEngine(DecoderWeights.of(model), 4, 64, 64)) {
            engine.submit(alone);
            drain(engine);
        }
        for (int i = 0; i < alone.size(); i++) {
            assertThat(late.get(i).completion(ids -> "").tokenIds())
                    .isEqualTo(alone.get(i).completion(ids -> "").tokenIds());
        }
    }

    @Test
    void step_oneTokenSamples_neverOccupyARow() {
        try (DecodeEngine engine = new DecodeEngine(DecoderWeights.of(model), 2, 64, 64)) {
            engine.submit(samples(3, 10, 4, 1));
            assertThat(engine.step()).hasSize(12);
            assertThat(engine.isIdle()).isTrue();
        }
    }

    @Test
    void step_divergedWeights_sayWhichSample() {
        try (LanguageModel broken = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN)) {
            Parameter norm = broken.parameters().blocks().get(1);
            torch.kernels().run("fill", norm.values(), Double.NaN);
            long before = torch.liveTensors();
            try (DecodeEngine engine = new DecodeEngine(DecoderWeights.of(broken), 2, 64, 64)) {
                engine.submit(samples(1, 10, 1, 4));
                assertThatThrownBy(engine::step)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("prompt 0, sample 0, token 0")
                        .hasMessageContaining("diverged");
            }
            assertThat(torch.liveTensors()).isEqualTo(before);
        }
    }

    private static List<Sample> drain(DecodeEngine engine) {
        List<Sample> finished = new ArrayList<>();
        while (!engine.isIdle()) {
            finished.addAll(engine.step());
        }
        return finished;
    }

    private static List<Sample> concat(List<Sample> a, List<Sample> b) {
        List<Sample> both = new ArrayList<>(a);
        both.addAll(b);
        return both;
    }

    private static List<Sample> samples(int prompts, int length, int each, int tokens) {
        Random random = new Random(length);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            QueuedPrompt prompt =
                    new QueuedPrompt(i, random.ints(length, 3, 512).toArray(), each);
            for (int number = 0; number < each; number++) {
                SamplingOptions options = SamplingOptions.unfiltered(tokens, 40 + i);
                samples.add(new Sample(prompt, number, options, new BitSet(), tokens));
            }
        }
        return samples;
    }
}
