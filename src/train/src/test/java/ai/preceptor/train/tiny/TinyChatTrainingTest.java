package ai.preceptor.train.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.DivergedException;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.toy.ToyObjective;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the toy cannot show: tensors, their files, and their ends. */
class TinyChatTrainingTest {

    @TempDir
    Path folder;

    private final TinyChat tiny = new TinyChat();
    private final List<Demonstration> rows =
            Datasets.preferences(Golden.file("pairs.jsonl"), 7, OnBadRow.FAIL).rows().stream()
                    .map(pair -> new Demonstration(pair.prompt(), pair.chosen()))
                    .toList();
    private final TrainConfig config = TinyChat.settings(2)
            .gradientAccumulationSteps(2)
            .maxSteps(6)
            .saveSteps(2)
            .shuffle(true)
            .lrSchedulerType(LrSchedulerType.COSINE)
            .weightDecay(0.01)
            .resume(true)
            .build();

    @AfterEach
    void close() {
        tiny.close();
    }

    /** Stopped in mid-epoch, off the schedule of checkpoints, in another model object: equal to the last bit. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void resume_equalsAStraightRun_toTheLastBit(Precision precision) {
        Path straight = folder.resolve("straight");
        Path stopped = folder.resolve("stopped");
        run(straight, precision, new Interrupt(), TrainListener.none());
        Interrupt interrupt = new Interrupt();
        assertThatThrownBy(() -> run(stopped, precision, interrupt, new TrainListener() {
                    @Override
                    public void onStep(StepMetrics step) {
                        if (step.step() == 3) {
                            interrupt.request();
                        }
                    }
                }))
                .isInstanceOf(InterruptedRunException.class);
        run(stopped, precision, new Interrupt(), TrainListener.none());
        for (String file :
                List.of("metrics.jsonl", "model/model.safetensors", "checkpoints/step-6/optimizer.safetensors")) {
            assertThat(stopped.resolve(file)).hasSameBinaryContentAs(straight.resolve(file));
        }
    }

    /** A checkpoint can be evaluated, served and trained from like any model. */
    @Test
    void checkpoint_isAModelDirectory() {
        run(folder, Precision.FLOAT32, new Interrupt(), TrainListener.none());
        PackedBatch.Builder builder = PackedBatch.builder();
        new ToyObjective(0).pack(rows.get(0), tiny.encoder(), builder);
        PackedBatch batch = builder.build();
        try (LanguageModel base = LanguageModel.load(tiny.torch(), Golden.dir("tiny-chat"), LoadOptions.FROZEN);
                LanguageModel last =
                        LanguageModel.load(tiny.torch(), folder.resolve("checkpoints/step-6"), LoadOptions.FROZEN);
                LanguageModel saved = LanguageModel.load(tiny.torch(), folder.resolve("model"), LoadOptions.FROZEN)) {
            assertThat(last.logprobs(batch)).isEqualTo(saved.logprobs(batch)).isNotEqualTo(base.logprobs(batch));
        }
        assertThat(folder.resolve("checkpoints/step-6/tokenizer.json")).exists();
        assertThat(folder.resolve("model/chat_template.jinja")).exists();
    }

    @Test
    void steps_leaveNoTensorBehind() {
        List<Long> live = new ArrayList<>();
        TrainConfig longer = TinyChat.settings(1).maxSteps(200).build();
        tiny.train(
                new ToyObjective(0.1),
                rows,
                longer,
                LoopSetting.of(RunStore.none(), new Interrupt(), new TrainListener() {
                    @Override
                    public void onStep(StepMetrics step) {
                        live.add(tiny.torch().liveTensors());
                    }
                }));
        assertThat(live).hasSize(200);
        assertThat(live.get(0)).isPositive();
        assertThat(live).containsOnly(live.get(0));
        assertThat(tiny.torch().liveTensors()).as("once the model is closed").isZero();
    }

    /** An infinite derivative of one token must reach neither weights nor moments. */
    @Test
    void step_gradientNotFinite_leavesTheStateAsItWas() {
        Path straight = folder.resolve("straight");
        Path diverged = folder.resolve("diverged");
        run(straight, Precision.FLOAT32, new Interrupt(), TrainListener.none());
        assertThatThrownBy(
                        () -> run(diverged, Precision.FLOAT32, new Explosive(6), new Interrupt(), TrainListener.none()))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("step 3: grad_norm is ");
        run(diverged, Precision.FLOAT32, new Interrupt(), TrainListener.none());
        assertThat(diverged.resolve("metrics.jsonl")).hasSameBinaryContentAs(straight.resolve("metrics.jsonl"));
        assertThat(diverged.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(straight.resolve("model/model.safetensors"));
    }

    private void run(Path output, Precision precision, Interrupt interrupt, TrainListener listener) {
        run(output, precision, new ToyObjective(0.1), interrupt, listener);
    }

    private void run(
            Path output,
            Precision precision,
            Objective<Demonstration> objective,
            Interrupt interrupt,
            TrainListener listener) {
        try (RunDirectory run = RunDirectory.open(output, config.runSpec("", Map.of()))) {
            LoopSetting setting = new LoopSetting(run, interrupt, listener, List.of(), () -> 0);
            tiny.train(objective, rows, precision, config, setting);
        }
    }

    /** The toy, but for one infinite derivative at the n-th micro-batch. */
    private static final class Explosive implements Objective<Demonstration> {
        private final ToyObjective objective = new ToyObjective(0.1);
        private int left;

        Explosive(int left) {
            this.left = left;
        }

        @Override
        public String name() {
            return objective.name(); // a run resumes with the loss it began with
        }

        @Override
        public void pack(Demonstration row, PromptEncoder encoder, PackedBatch.Builder into) {
            objective.pack(row, encoder, into);
        }

        @Override
        public int completions(Demonstration row) {
            return 1;
        }

        @Override
        public boolean needsReference() {
            return true;
        }

        @Override
        public LossReport evaluate(LossInputs<Demonstration> in) {
            LossReport report = objective.evaluate(in);
            if (--left == 0) {
                report.gradient()[0] = Float.POSITIVE_INFINITY;
            }
            return report;
        }
    }
}
