package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.preceptor.formats.config.LoraConfig;
import ai.preceptor.formats.config.TargetModules;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.ShardPlan;
import ai.preceptor.lm.decoder.Taps;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.optim.AdamW;
import ai.preceptor.lm.optim.AdamWOptions;
import ai.preceptor.lm.torch.KernelFaults;
import ai.preceptor.lm.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Work whose kernels throw, one call after the other, leaves no tensor behind: what it makes has an owner at once. */
class PassFaultsTest {
    private static final LoraConfig LORA = new LoraConfig(3, 6, 0.2, true, new TargetModules.AllLinear(), List.of());

    private static Torch one;
    private static Torch two;

    @TempDir
    static Path directory;

    @BeforeAll
    static void open() {
        two = Torch.open("cpu", 2);
        one = Torch.open("cpu", 1);
        try (LanguageModel model = TinyFamilies.LLAMA_BIASES_YARN.model(one, LoadOptions.FROZEN)) {
            model.save(directory);
        }
    }

    @AfterAll
    static void close() {
        one.close();
        two.close();
    }

    /** Work on a model that stays, by kind of pass. */
    enum Work {
        SCORE((model, batch) -> model.score(batch)),
        LOGPROBS((model, batch) -> model.logprobs(batch)),
        BACKWARD((model, batch) -> {
            try (ForwardPass pass = model.forward(batch, Set.of(TokenStatistic.values()))) {
                pass.backward(normal(batch.targets().length));
            }
        }),
        COMPARE((model, batch) -> {
            try (TeacherDistributions teacher = model.teach(batch, 1, 2);
                    DistributionPass pass = model.distributions(batch, false, 1, 2)) {
                pass.compare(teacher, comparison());
            }
        }),
        COMPARE_PLACED((model, batch) -> {
            int[] places = new int[batch.targets().length];
            places[0] = -1;
            try (TeacherDistributions teacher = model.teachPlaced(batch, places);
                    DistributionPass pass = model.distributions(batch, false)) {
                pass.compare(teacher, comparison());
            }
        }),
        COMPARE_AND_BACKWARD((model, batch) -> {
            try (TeacherDistributions teacher = model.teach(batch, 2);
                    DistributionPass pass = model.distributions(batch, true, 2)) {
                int targets = batch.targets().length;
                pass.compareAndBackward(
                        teacher, comparison(), normal(targets), normal(targets), List.of(normal(24 * targets)));
            }
        }),
        ATTENTION((model, batch) -> {
            Taps taps = new Taps(new int[0], new int[] {1, 2});
            int targets = batch.targets().length;
            try (TeacherDistributions teacher = model.teach(batch, taps);
                    DistributionPass pass = model.distributions(batch, true, taps)) {
                List<float[][]> slopes = List.of(pass.attention(0), teacher.attention(1));
                pass.compareAndBackward(teacher, comparison(), normal(targets), normal(targets), List.of(), slopes);
            }
        }),
        TOP_TOKENS((model, batch) -> {
            TopTokens top = model.topTokens(batch, 3, 1);
            try (TeacherDistributions teacher = TeacherDistributions.of(model, top, TeacherDistributions.Tail.BUCKET);
                    DistributionPass pass = model.distributions(batch, false)) {
                pass.compare(teacher, comparison());
            }
        }),
        READ((model, batch) -> model.read(batch)),
        OPTIMIZE((model, batch) -> {
            try (ForwardPass pass = model.forward(batch)) {
                pass.backward(normal(batch.targets().length));
            }
            try (AdamW optimizer = new AdamW(model.parameters(), AdamWOptions.DEFAULT)) {
                optimizer.step(1e-6, 1);
            }
        }),
        GENERATE((model, batch) -> new Generator(model, ids -> "", new int[0], GenerationLimits.DEFAULT)
                .generate(List.of(new int[] {3, 4, 5}, new int[] {6, 7}), 2, SamplingOptions.unfiltered(3, 1))),
        FINGERPRINT((model, batch) -> model.fingerprint()),
        LOAD((model, batch) -> LanguageModel.load(model.parameters().torch(), directory, LoadOptions.FROZEN)
                .close()),
        LOAD_WITH_ADAPTER((model, batch) -> LanguageModel.load(
                        model.parameters().torch(), directory, LoadOptions.TRAINED.withLora(LORA, 1))
                .close()),
        INITIALISE((model, batch) -> LanguageModel.initialise(
                        model.parameters().torch(), model.config(), LoadOptions.TRAINED, 1)
                .close()),
        REWARD((model, batch) -> {
            try (RewardBackbone reward = RewardBackbone.load(
                    model.parameters().torch(), directory, LoadOptions.TRAINED, HeadInit.NORMAL, 3)) {
                PackedBatch answers = answers();
                reward.rewards(answers);
                try (ForwardPass pass = reward.forward(answers)) {
                    pass.backward(normal(pass.outputs().length));
                }
            }
        });

        private final BiConsumer<LanguageModel, PackedBatch> work;

        Work(BiConsumer<LanguageModel, PackedBatch> work) {
            this.work = work;
        }
    }

    @ParameterizedTest
    @EnumSource
    void work_anyKernelThrows_leavesNothing(Work work) {
        try (LanguageModel model = TinyFamilies.LLAMA_BIASES_YARN.model(one, LoadOptions.TRAINED)) {
            failEverywhere(one, model, work, batch(3));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOGPROBS", "BACKWARD", "COMPARE_AND_BACKWARD"})
    void work_inTwoShards_anyKernelThrows_leavesNothing(Work work) {
        PackedBatch batch = batch(64);
        try (LanguageModel model = TinyFamilies.QWEN3.model(two, LoadOptions.TRAINED)) {
            assertThat(ShardPlan.of(batch, 2, two.shards().most()).size()).isEqualTo(2);
            failEverywhere(two, model, work, batch);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SCORE", "BACKWARD", "COMPARE_AND_BACKWARD", "GENERATE", "OPTIMIZE"})
    void work_ofAnAdapter_anyKernelThrows_leavesNothing(Work work) {
        LoadOptions options = LoadOptions.TRAINED.withLora(LORA, 1).checkpointed();
        try (LanguageModel model = LanguageModel.load(one, directory, options)) {
            failEverywhere(one, model, work, batch(3));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SCORE", "BACKWARD", "READ"})
    void work_ofCappedLogits_anyKernelThrows_leavesNothing(Work work) {
        try (LanguageModel model = TinyFamilies.GEMMA3.model(one, LoadOptions.TRAINED)) {
            failEverywhere(one, model, work, batch(3));
        }
    }

    private static void failEverywhere(Torch torch, LanguageModel model, Work work, PackedBatch batch) {
        work.work.accept(model, batch); // tables that grow once
        int calls;
        try (KernelFaults faults = KernelFaults.none(torch)) {
            work.work.accept(model, batch);
            calls = faults.calls().size();
        }
        assertThat(calls).isPositive();
        long before = torch.liveTensors();
        for (int call = 0; call < calls; call++) {
            try (KernelFaults faults = KernelFaults.at(torch, call)) {
                Throwable thrown = catchThrowable(() -> work.work.accept(model, batch));
                String where = "call " + call + ", " + faults.calls().get(call);
                assertThat(thrown).as(where).isNotNull();
                assertThat(thrown instanceof KernelFaults.Fault || thrown.getCause() instanceof KernelFaults.Fault)
                        .as("%s: %s", where, thrown)
                        .isTrue();
                assertThat(torch.liveTensors()).as(where).isEqualTo(before);
            }
        }
    }

    private static DistributionComparison comparison() {
        return new DistributionComparison(List.of(new DivergenceTerm(DivergenceKind.FORWARD_KL, 0, 1)), 2, 256);
    }

    private static PackedBatch batch(int prompts) {
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int i = 0; i < prompts; i++) {
            builder.prompt(ids(i, 1 + i % 9));
            builder.completion(ids(100 + i, 1 + i % 7)).completion(ids(200 + i, 6));
        }
        return builder.build();
    }

    private static PackedBatch answers() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(ids(1, 5));
        return builder.answer(ids(2, 4)).answer(ids(3, 6)).build();
    }

    private static int[] ids(long seed, int count) {
        return new Random(seed).ints(count, 0, 53).toArray();
    }

    private static float[] normal(int count) {
        Random random = new Random(4);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
