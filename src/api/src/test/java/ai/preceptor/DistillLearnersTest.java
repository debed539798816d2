package ai.preceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.distill.DistillationLoss;
import ai.preceptor.distill.Divergence;
import ai.preceptor.distill.TeacherRole;
import ai.preceptor.distill.hidden.HiddenLoss;
import ai.preceptor.distill.hidden.HiddenMse;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.learners.SharedStore;
import ai.preceptor.train.run.RunDirectory;
import ai.preceptor.train.run.RunStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Distillation by several learners, as threads: whatever the teacher does, they divide the rows and learn what one does. */
class DistillLearnersTest {
    private static final int STEPS = 3;
    private static final List<Demonstration> ROWS = IntStream.range(0, 8)
            .mapToObj(i -> new Demonstration(Prompt.plain("What is " + i + "?"), Text.plain("It is " + i * i + ".")))
            .toList();

    @TempDir
    Path directory;

    private enum Teaching {
        /** Through a projection that is learnt, also on answers of the student's own. */
        PROJECTED("tiny-teacher") {
            @Override
            DistillOptions options() {
                HiddenLoss states = new HiddenLoss(List.of(new HiddenLoss.Part(new HiddenMse(), 1)), List.of());
                DistillationLoss loss = new DistillationLoss(jsd().parts(), 0, 1, jsd().chunk(), states);
                return DistillOptions.of(loss).onPolicy(0.5, 2, SamplingOptions.unfiltered(6, 0));
            }
        },
        LEARNING("tiny-teacher") {
            @Override
            DistillOptions options() {
                return DistillOptions.of(jsd()).with(new TeacherRole.Learning(0.5));
            }
        },
        SLOW("tiny-chat") {
            @Override
            DistillOptions options() {
                return DistillOptions.of(new DistillationLoss(jsd().parts(), 1, 1, jsd().chunk()))
                        .with(new TeacherRole.Slow(0.5));
            }
        };

        private final String teacher;

        Teaching(String teacher) {
            this.teacher = teacher;
        }

        abstract DistillOptions options();

        private static DistillationLoss jsd() {
            return DistillationLoss.of(Divergence.jsd(0.5));
        }
    }

    /** Micro-batches of one row: the third step, the last of an epoch, has two, so that one learner of three has none. */
    private static TrainConfig config(boolean resume) {
        return TrainConfig.builder()
                .batchSize(1)
                .gradientAccumulationSteps(3)
                .maxSteps(STEPS)
                .learningRate(1e-3)
                .saveSteps(STEPS)
                .resume(resume)
                .build();
    }

    /** One learner's run in a directory that all share; gives its steps. */
    private List<StepMetrics> distill(Teaching teaching, String name, Collective learners, boolean resume) {
        Path path = directory.resolve(name);
        TrainConfig config = config(resume);
        List<StepMetrics> steps = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                steps.add(step);
            }
        };
        try (RunDirectory own = opened(path, learners, config);
                Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student = preceptor.student(Golden.dir("tiny-chat"), LoadOptions.TRAINED)) {
            RunStore store = own == null ? SharedStore.ofOther(path, learners) : SharedStore.ofFirst(own, learners);
            LoopSetting setting =
                    new LoopSetting(store, new Interrupt(), listener, List.of(), () -> 0).among(learners, true);
            student.distill(
                    List.of(Golden.dir(teaching.teacher)), ROWS, List.of(), teaching.options(), config, setting);
        }
        return steps;
    }

    private static @Nullable RunDirectory opened(Path path, Collective learners, TrainConfig config) {
        return learners.rank() == 0 ? RunDirectory.open(path, config.runSpec("", Map.of())) : null;
    }

    @ParameterizedTest
    @EnumSource(Teaching.class)
    void distill_byThree_divideTheRowsAndLearnWhatOneDoes(Teaching teaching) throws Exception {
        List<StepMetrics> one = distill(teaching, "one", Collective.single(), false);

        List<List<StepMetrics>> three = ThreadCollective.each(
                ThreadCollective.group(3), learners -> distill(teaching, "three", learners, false));

        assertThat(RunDirectory.checkpoint(directory.resolve("three"), STEPS).identity())
                .as("the rows are divided")
                .containsEntry("data.learners", "3");
        assertThat(one).hasSize(STEPS);
        assertThat(three).containsOnly(three.get(0));
        for (int i = 0; i < STEPS; i++) {
            StepMetrics expected = one.get(i);
            StepMetrics actual = three.get(0).get(i);
            assertThat(actual.loss()).isEqualTo(expected.loss(), within(1e-5));
            assertThat(actual.gradNorm()).isEqualTo(expected.gradNorm(), within(1e-4));
            assertThat(actual.tokens()).isEqualTo(expected.tokens());
            assertThat(actual.metrics()).containsOnlyKeys(expected.metrics().keySet());
            expected.metrics()
                    .forEach((key, value) -> assertThat(actual.metrics().get(key))
                            .as(key)
                            .isEqualTo(value, within(1e-5 * Math.max(1, Math.abs(value)))));
        }
    }

    @Test
    void distill_resumedByAnotherNumberOfLearners_isRefused() throws Exception {
        ThreadCollective.each(ThreadCollective.group(2), learners -> distill(Teaching.SLOW, "run", learners, false));
        assertThatThrownBy(() -> distill(Teaching.SLOW, "run", Collective.single(), true))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data.learners: was 2, is null");
    }
}
