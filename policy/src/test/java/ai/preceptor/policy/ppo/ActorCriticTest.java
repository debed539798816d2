package ai.preceptor.policy.ppo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.DataException;
import ai.preceptor.data.Demonstration;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.policy.critic.TableCritic;
import ai.preceptor.train.DivergedException;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.ObjectivePass;
import ai.preceptor.train.Pass;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.TrainLoop;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.schedule.LrSchedulerType;
import ai.preceptor.train.toy.LetterEncoder;
import ai.preceptor.train.toy.ToyModel;
import ai.preceptor.train.toy.ToyObjective;
import ai.preceptor.train.toy.ToyRows;
import ai.preceptor.train.toy.ToyRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActorCriticTest {
    private final TrainConfig config = TrainConfig.builder()
            .batchSize(4)
            .maxSteps(4)
            .saveSteps(0)
            .shuffle(false)
            .lrSchedulerType(LrSchedulerType.LINEAR)
            .learningRate(0.05)
            .build();
    private final ToyRun toy = new ToyRun(config, ToyRows.make(16, 3), 0);
    private final ToyModel policy = toy.model();
    private final TableCritic critic = new TableCritic(ToyRun.VOCABULARY);

    @TempDir
    Path checkpoint;

    private static PackedBatch batch() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1, 2});
        return builder.completion(new int[] {3, 1}).build();
    }

    private static void pushBoth(ActorCritic both) {
        try (ForwardPass forward = both.forward(batch())) {
            forward.backward(new float[] {-1, -1});
        }
        try (ForwardPass forward = both.critic().forward(batch())) {
            forward.backward(new float[] {-3, -4});
        }
    }

    /** The critic's step is ten times as long, and each gradient is cut by its own norm: 3 and 4 make 5. */
    @Test
    void step_stepsBothByTheirOwnRateAndNorm() {
        ActorCritic both = new ActorCritic(policy, critic, 10, 0);
        double[] before = policy.parameters();
        pushBoth(both);
        double norm = both.gradientNorm();
        assertThat(both.step(0.01, 1)).isEqualTo(norm).isNotEqualTo(5);
        assertThat(both.stepMetrics()).containsOnlyKeys("value_grad_norm");
        assertThat(both.stepMetrics().get("value_grad_norm")).isEqualTo(5);
        assertThat(critic.values(batch())).containsExactly(new float[] {0.06f, 0.08f}, within(1e-6f));
        assertThat(policy.parameters()).isNotEqualTo(before);
    }

    /** Not a bit of the policy's changes, its optimizer's moments and count included; its norm is told all the same. */
    @Test
    void step_duringWarmup_stepsTheCriticAlone() {
        ActorCritic both = new ActorCritic(policy, critic, 1, 2);
        double[] before = policy.parameters();
        for (int step = 0; step < 2; step++) {
            pushBoth(both);
            assertThat(both.step(0.01, 1)).isPositive();
        }
        assertThat(policy.parameters()).containsExactly(before);
        assertThat(policy.gradients()).containsOnly(0);
        assertThat(critic.steps()).isEqualTo(2);
        pushBoth(both);
        both.step(0.01, 1);
        ToyModel fresh = toy.model();
        try (ForwardPass forward = fresh.forward(batch())) {
            forward.backward(new float[] {-1, -1});
        }
        fresh.step(0.01, 1);
        assertThat(policy.parameters()).as("its first step").containsExactly(fresh.parameters());
    }

    /** A run that stops within the warm-up goes on within it. */
    @Test
    void loadState_takesBackBothAndTheWarmup() {
        ActorCritic both = new ActorCritic(policy, critic, 1, 2);
        pushBoth(both);
        both.step(0.01, 1);
        both.saveState(checkpoint);
        assertThat(checkpoint.resolve("critic/table.txt")).exists();
        assertThat(both.stateBytes()).isEqualTo(policy.stateBytes() + 100);
        assertThat(both.modelBytes()).isEqualTo(policy.modelBytes());
        TableCritic second = new TableCritic(ToyRun.VOCABULARY);
        ToyModel other = toy.model();
        ActorCritic resumed = new ActorCritic(other, second, 1, 2);
        resumed.loadState(checkpoint);
        for (int step = 0; step < 2; step++) {
            pushBoth(both);
            pushBoth(resumed);
            assertThat(resumed.step(0.01, 1)).isEqualTo(both.step(0.01, 1));
        }
        assertThat(other.parameters()).containsExactly(policy.parameters());
        assertThat(second.values(batch())).containsExactly(critic.values(batch()));
        assertThatThrownBy(() -> {
                    Files.writeString(checkpoint.resolve("critic/steps.txt"), "two");
                    resumed.loadState(checkpoint);
                })
                .isInstanceOf(DataException.class)
                .hasMessageContaining("steps.txt: expected the number of steps");
    }

    /** In the loop: the critic's rate has the shape of the policy's, and its norm is a metric. */
    @Test
    void run_inTheLoop_reportsTheCriticsNorm() {
        List<StepMetrics> steps = run(new float[] {-3, -4, 0, 0});
        assertThat(steps).hasSize(4);
        assertThat(steps.get(0).metrics()).containsKeys("logps/mean", "value_grad_norm");
        assertThat(steps.get(0).row()).containsKey("value_grad_norm");
    }

    @Test
    void run_criticsGradientNotFinite_isToldByItsName_andNeitherMoves() {
        double[] before = policy.parameters();
        assertThatThrownBy(() -> run(new float[] {Float.POSITIVE_INFINITY}))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("step 1: value_grad_norm is Infinity on rows [0, 1, 2, 3]");
        assertThat(policy.parameters()).containsExactly(before);
        assertThat(policy.gradients()).containsOnly(0);
        assertThat(critic.steps()).isZero();
    }

    private List<StepMetrics> run(float[] push) {
        ActorCritic both = new ActorCritic(policy, critic, 2, 0);
        Pass<Demonstration> own =
                new ObjectivePass<>(both, new LetterEncoder(ToyRun.VOCABULARY), new ToyObjective(0), null);
        Pass<Demonstration> pass = new Pass<>() {
            @Override
            public void pack(Demonstration row, PackedBatch.Builder into) {
                own.pack(row, into);
            }

            @Override
            public Contribution run(List<Demonstration> rows, PackedBatch batch, Totals step) {
                try (ForwardPass forward = critic.forward(batch)) {
                    float[] gradient = new float[batch.targets().length];
                    System.arraycopy(push, 0, gradient, 0, Math.min(push.length, gradient.length));
                    forward.backward(gradient);
                }
                return own.run(rows, batch, step);
            }
        };
        List<StepMetrics> steps = new ArrayList<>();
        TrainListener listener = new TrainListener() {
            @Override
            public void onStep(StepMetrics step) {
                steps.add(step);
            }
        };
        LoopSetting setting = LoopSetting.of(RunStore.none(), new Interrupt(), listener);
        new TrainLoop<>(config, both, pass, toy.source(), setting).run();
        return steps;
    }
}
