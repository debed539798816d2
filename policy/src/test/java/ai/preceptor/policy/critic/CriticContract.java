package ai.preceptor.policy.critic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.batch.PackedBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Critic} owes. An implementation's test extends this. */
public abstract class CriticContract {
    private static final int[] PROMPT = {5, 6, 7};
    private static final int[] OTHER = {9, 3, 5, 5};

    /** A new critic that knows the token ids 3 to 9, and can be trained. */
    protected abstract Critic critic();

    /** A learning rate with which twenty steps bring it nearer to what it is to say. */
    protected abstract double learningRate();

    private static PackedBatch batch(int[] prompt, int[]... completions) {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(prompt);
        for (int[] completion : completions) {
            builder.completion(completion);
        }
        return builder.build();
    }

    /** Towards 1, -1, 1, ... : the first step of a new critic whose values are all 0 would tell nothing. */
    private static double learn(Critic critic, PackedBatch batch, double rate) {
        try (ForwardPass forward = critic.forward(batch)) {
            float[] gradient = forward.outputs().clone();
            for (int t = 0; t < gradient.length; t++) {
                gradient[t] -= t % 2 == 0 ? 1 : -1;
            }
            forward.backward(gradient);
        }
        return critic.step(rate, 0);
    }

    @Test
    void name_saysSomething() {
        try (Critic critic = critic()) {
            assertThat(critic.name()).isNotBlank();
        }
    }

    @Test
    void values_areOnePerTarget_andThoseOfTheTrainingPass() {
        try (Critic critic = critic()) {
            PackedBatch batch = batch(PROMPT, new int[] {3, 4, 8}, new int[] {9});
            learn(critic, batch, learningRate());
            float[] values = critic.values(batch);
            assertThat(values).hasSize(4).doesNotContain(Float.NaN);
            try (ForwardPass forward = critic.forward(batch)) {
                assertThat(forward.outputs()).containsExactly(values, within(1e-5f));
            }
        }
    }

    /** The value before a token is the same whatever the token is, what follows it, and what else is in the batch. */
    @Test
    void values_readNothingButWhatComesBefore() {
        try (Critic critic = critic()) {
            learn(critic, batch(PROMPT, new int[] {3, 4, 8}), learningRate());
            float[] alone = critic.values(batch(PROMPT, new int[] {3, 4, 8}));
            float[] other = critic.values(batch(PROMPT, new int[] {3, 9, 5, 7}));
            assertThat(Arrays.copyOf(other, 2)).containsExactly(Arrays.copyOf(alone, 2), within(1e-5f));
            PackedBatch.Builder two = PackedBatch.builder();
            two.prompt(OTHER);
            two.completion(new int[] {4, 4});
            two.prompt(PROMPT);
            two.completion(new int[] {9, 9, 9}).completion(new int[] {3, 4, 8});
            assertThat(Arrays.copyOfRange(critic.values(two.build()), 5, 8)).containsExactly(alone, within(1e-5f));
        }
    }

    @Test
    void step_movesValuesTowardsTheirTargets() {
        try (Critic critic = critic()) {
            PackedBatch batch = batch(PROMPT, new int[] {3, 4});
            float[] before = critic.values(batch);
            for (int step = 0; step < 20; step++) {
                assertThat(learn(critic, batch, learningRate())).isNotNegative().isFinite();
            }
            float[] after = critic.values(batch);
            assertThat(Math.abs(after[0] - 1) + Math.abs(after[1] + 1))
                    .isLessThan(Math.abs(before[0] - 1) + Math.abs(before[1] + 1));
        }
    }

    @Test
    void gradientNorm_isTheStepsAndChangesNothing() {
        try (Critic critic = critic()) {
            PackedBatch batch = batch(PROMPT, new int[] {3, 4});
            try (ForwardPass forward = critic.forward(batch)) {
                forward.backward(new float[] {1, -2});
            }
            float[] values = critic.values(batch);
            double norm = critic.gradientNorm();
            assertThat(norm).isPositive().isEqualTo(critic.gradientNorm());
            assertThat(critic.values(batch)).containsExactly(values);
            assertThat(critic.step(learningRate(), 1)).isEqualTo(norm);
        }
    }

    @Test
    void loadState_takesBackEveryBit(@TempDir Path folder) throws IOException {
        PackedBatch batch = batch(PROMPT, new int[] {3, 4, 8}, new int[] {9, 5});
        Path saved = Files.createDirectory(folder.resolve("saved"));
        float[] expected;
        try (Critic critic = critic()) {
            learn(critic, batch, learningRate());
            learn(critic, batch, learningRate());
            critic.saveState(saved);
            learn(critic, batch, learningRate());
            expected = critic.values(batch);
        }
        try (Critic critic = critic()) {
            learn(critic, batch(OTHER, new int[] {4}), learningRate());
            critic.loadState(saved);
            learn(critic, batch, learningRate());
            assertThat(critic.values(batch)).containsExactly(expected);
        }
    }
}
