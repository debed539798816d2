package ai.preceptor.lm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.engine.store.TensorBlocks;
import ai.preceptor.lm.generate.GeneratedSample;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.Stops;
import ai.preceptor.lm.generate.TestSampling;
import ai.preceptor.lm.generate.TokenRules;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameter;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
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
    void step_samplesOfAPrompt_shareItsPrefillAndItsBlocks() {
        try (DecodeEngine engine = engine(2, 64)) {
            requests(3, 20, 5, 6).forEach(engine::submit);
            engine.step();
            assertThat(engine.store().shared().used()).as("the prompt's").isEqualTo(1);
            assertThat(engine.store().own().used()).as("two samples'").isEqualTo(2);
            assertThat(drain(engine)).hasSize(15);
            assertThat(engine.statistics().prefilledTokens())
                    .as("three prompts of 20 tokens, each computed once, though two rows served fifteen samples")
                    .isEqualTo(60);
            assertThat(engine.store().reserved()).isZero();
            assertThat(engine.store().own().span() + engine.store().shared().span())
                    .isZero();
        }
    }

    @Test
    void submit_whileDecoding_joinsTheRunningRows() {
        List<GenerationRequest> early = requests(2, 10, 1, 12);
        List<GenerationRequest> late = requests(2, 150, 3, 12);
        Map<String, GeneratedSample> mixed;
        try (DecodeEngine engine = engine(4, 64)) {
            early.forEach(engine::submit);
            for (int i = 0; i < 5; i++) {
                assertThat(engine.step()).isEmpty();
            }
            late.forEach(engine::submit);
            mixed = drain(engine);
        }
        assertThat(mixed).hasSize(8);
        try (DecodeEngine engine = engine(4, 64)) {
            late.forEach(engine::submit);
            drain(engine).forEach((key, sample) -> {
                String inMixed = (Integer.parseInt(key.split("/")[0]) + 2) + "/" + key.split("/")[1];
                assertThat(mixed.get(inMixed)).isEqualTo(sample);
            });
        }
    }

    @Test
    void step_budget_makesSamplesWait_andNeverOverflows() {
        long block = TensorBlocks.blockBytes(model);
        try (DecodeEngine engine = engine(16, 5 * block)) {
            requests(6, 70, 1, 100).forEach(engine::submit);
            int most = 0;
            int samples = 0;
            while (!engine.isIdle()) {
                samples += finished(engine.step()).size();
                most = Math.max(most, engine.rows());
                assertThat(engine.store().own().used()).isLessThanOrEqualTo(5);
            }
            assertThat(most).as("rows: three blocks each, of five").isEqualTo(1);
            assertThat(samples).isEqualTo(6);
        }
    }

    @Test
    void submit_largerThanTheStore_isRefused() {
        long block = TensorBlocks.blockBytes(model);
        try (DecodeEngine engine = engine(16, 2 * block)) {
            assertThatThrownBy(() -> engine.submit(requests(1, 70, 1, 100).get(0)))
                    .isInstanceOf(RequestTooLargeException.class)
                    .hasMessageContaining("70 prompt tokens and 100 new ones need " + 3 * block + " bytes");
            assertThat(engine.isIdle()).isTrue();
        }
    }

    @Test
    void open_storeThatTheDeviceDoesNotHave_isRefusedWithItsRange() {
        long before = torch.liveTensors();
        for (long bytes : new long[] {99_999_999_999_999L, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> engine(1, bytes))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("kv_cache_memory_bytes: expected 1 to "
                            + torch.memoryBytes().orElseThrow()
                            + ", the memory that cpu has in all, found " + bytes);
        }
        assertThat(torch.liveTensors()).isEqualTo(before);
    }

    /** What a device has left shows only when it is asked for. */
    @Test
    void store_thatDoesNotFitBesideTheModel_isRefused() throws IOException {
        Path policy = Path.of("/proc/sys/vm/overcommit_memory");
        assumeTrue(
                !Files.exists(policy) || !Files.readString(policy).strip().equals("1"),
                "this system promises memory that it does not have");
        long before = torch.liveTensors();
        assertThatThrownBy(() -> torch.owning(scope -> new TensorBlocks(model, scope, Integer.MAX_VALUE)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bytes does not fit on cpu in addition to the model");
        assertThat(torch.liveTensors()).isEqualTo(before);
    }

    @Test
    void submit_nothingLeftToDraw_isRefusedByName() {
        Map<Integer, Double> none = new HashMap<>();
        Set<Integer> every = new HashSet<>();
        for (int id = 0; id < model.config().vocabSize(); id++) {
            none.put(id, Double.NEGATIVE_INFINITY);
            every.add(id);
        }
        SamplingOptions options = SamplingOptions.unfiltered(4, 1);
        try (DecodeEngine engine = engine(1, 64)) {
            assertThatThrownBy(() -> engine.submit(request(options.with(new TokenRules(none, null)))))
                    .hasMessageStartingWith("logit_bias: received minus infinity for every token");
            assertThatThrownBy(() -> engine.submit(request(options.with(new TokenRules(none, Set.of(3))))))
                    .hasMessageStartingWith("allowed_token_ids: received [3]");
            assertThatThrownBy(() -> engine.submit(
                            request(TestSampling.withMinNewTokens(options.with(new Stops(every, List.of())), 1))))
                    .hasMessageStartingWith("stop_token_ids: received every token");
            engine.submit(request(options.with(new Stops(every, List.of()))));
            assertThat(drain(engine)).hasSize(1);
        }
    }

    private static GenerationRequest request(SamplingOptions options) {
        return new GenerationRequest(new int[] {5, 6}, 1, options);
    }

    @Test
    void step_oneTokenSamples_neverOccupyARow() {
        try (DecodeEngine engine = engine(2, 64)) {
            requests(3, 10, 4, 1).forEach(engine::submit);
            assertThat(finished(engine.step())).hasSize(12);
            assertThat(engine.isIdle()).isTrue();
        }
    }

    @Test
    void cancel_endsRunningAndWaitingSamples_withoutTouchingOthers() {
        long before = torch.liveTensors();
        List<GenerationRequest> both = requests(2, 30, 4, 25);
        try (DecodeEngine engine = engine(3, 64)) {
            GenerationHandle doomed = engine.submit(both.get(0));
            engine.submit(both.get(1));
            for (int i = 0; i < 4; i++) {
                engine.step();
            }
            doomed.cancel();
            Map<String, GeneratedSample> out = drain(engine);
            assertThat(out).hasSize(8);
            for (int s = 0; s < 4; s++) {
                GeneratedSample cut = out.get("0/" + s);
                assertThat(cut.completion().finishReason()).isEqualTo(FinishReason.CANCELLED);
                assertThat(cut.completion().length()).isEqualTo(s < 3 ? 5 : 0);
                assertThat(out.get("1/" + s).completion().finishReason()).isEqualTo(FinishReason.LENGTH);
            }
            assertThat(engine.store().reserved()).isZero();
        }
        assertThat(torch.liveTensors()).isEqualTo(before);
    }

    @Test
    void timeLimit_endsWhatIsNotFinished() {
        AtomicLong clock = new AtomicLong();
        GenerationRequest base = requests(1, 30, 2, 25).get(0);
        GenerationRequest hurried =
                new GenerationRequest(base.promptIds(), 2, base.options(), false, 0, Duration.ofSeconds(3));
        try (DecodeEngine engine = factory(1, 1 << 26).open(clock::get)) {
            engine.submit(hurried);
            Map<String, GeneratedSample> out = new HashMap<>();
            while (!engine.isIdle()) {
                collect(engine.step(), out);
                clock.addAndGet(1_000_000_000);
            }
            assertThat(out.get("0/0").completion().finishReason()).isEqualTo(FinishReason.DEADLINE);
            assertThat(out.get("0/0").completion().length()).isEqualTo(4);
            assertThat(out.get("0/1").completion().length()).isZero();
        }
    }

    @Test
    void step_brokenWeights_sayWhichSampleAndWhichTensor() {
        try (LanguageModel broken = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN)) {
            Parameter norm = broken.parameters().blocks().get(1);
            torch.kernels().tensors().fill(norm.values(), Double.NaN);
            long before = torch.liveTensors();
            try (DecodeEngine engine =
                    new SessionFactory(broken, ids -> "", new int[0], GenerationLimits.DEFAULT).open(() -> 0)) {
                requests(1, 10, 1, 4).forEach(engine::submit);
                GenerationEvent.Failed failed =
                        (GenerationEvent.Failed) engine.step().get(0);
                assertThat(failed.cause())
                        .isInstanceOf(NotFiniteException.class)
                        .hasMessage("prompt 0, sample 0, token 0: log-probability: expected a finite number, found NaN;"
                                + " the weights are not finite: model.layers.0.self_attn.q_proj.weight holds NaN or infinity (4096 of 4096"
                                + " numbers)");
                assertThat(engine.isIdle()).isTrue();
            }
            assertThat(torch.liveTensors()).isEqualTo(before);
        }
    }

    /** Training has changed the weights between two sessions of one factory: each tells what is the matter with its own. */
    @Test
    void step_brokenAfterAnOverflow_saysWhatIsBrokenNow() {
        try (LanguageModel broken = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN)) {
            Parameter projection = broken.parameters().blocks().get(1);
            SessionFactory factory = new SessionFactory(broken, ids -> "", new int[0], GenerationLimits.DEFAULT);
            torch.kernels().tensors().fill(projection.values(), 3e38);
            assertThat(failure(factory))
                    .hasMessageEndingWith("every weight is finite, so numbers overflow between them");
            torch.kernels().tensors().fill(projection.values(), Double.NaN);
            assertThat(failure(factory))
                    .hasMessageContaining("model.layers.0.self_attn.q_proj.weight holds NaN or infinity");
        }
    }

    private static RuntimeException failure(SessionFactory factory) {
        try (DecodeEngine engine = factory.open(() -> 0)) {
            requests(1, 10, 1, 4).forEach(engine::submit);
            return ((GenerationEvent.Failed) engine.step().get(0)).cause();
        }
    }

    private static SessionFactory factory(int rows, long bytes) {
        return new SessionFactory(
                model, Arrays::toString, new int[0], new GenerationLimits(rows, Math.max(bytes, 1 << 20), 64));
    }

    private static DecodeEngine engine(int rows, long bytes) {
        long budget = bytes < 1000 ? 1 << 26 : bytes;
        return new SessionFactory(model, Arrays::toString, new int[0], new GenerationLimits(rows, budget, 64))
                .open(() -> 0);
    }

    private static Map<String, GeneratedSample> drain(DecodeEngine engine) {
        Map<String, GeneratedSample> out = new HashMap<>();
        while (!engine.isIdle()) {
            collect(engine.step(), out);
        }
        return out;
    }

    private static void collect(List<GenerationEvent> events, Map<String, GeneratedSample> out) {
        finished(events).forEach(f -> out.put(f.handle().id() + "/" + f.sample(), f.result()));
    }

    private static List<GenerationEvent.Finished> finished(List<GenerationEvent> events) {
        return events.stream()
                .filter(GenerationEvent.Finished.class::isInstance)
                .map(GenerationEvent.Finished.class::cast)
                .toList();
    }

    private static List<GenerationRequest> requests(int prompts, int length, int each, int tokens) {
        Random random = new Random(length);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            requests.add(new GenerationRequest(
                    random.ints(length, 3, 512).toArray(), each, SamplingOptions.unfiltered(tokens, 40 + i)));
        }
        return requests;
    }
}
