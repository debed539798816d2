package ai.preceptor.policy.ppo;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.ForwardPass;
import ai.preceptor.lm.TokenStatistic;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.policy.critic.Critic;
import ai.preceptor.train.Trainable;
import ai.preceptor.train.learners.GatheredState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A policy with its critic, as the training loop steps them: each by its own optimizer and clipped by its own norm. Outputs
 * and the saved model are the policy's. A checkpoint has the critic in {@code critic/}.
 */
public final class ActorCritic implements Trainable, GatheredState {
    private static final String DIRECTORY = "critic";
    private static final String STEPS = "steps.txt";

    private final Trainable policy;
    private final Critic critic;
    private final double rateFactor;
    private final int warmup;
    private int steps;
    private double criticNorm = Double.NaN;

    /**
     * @param policy the model whose outputs are log-probabilities; the caller closes it
     * @param critic the caller closes it
     * @param rateFactor the critic's learning rate as a multiple of the policy's, above 0
     * @param warmup first steps in which the policy stays as it is, optimizer included, 0 or more
     */
    public ActorCritic(Trainable policy, Critic critic, double rateFactor, int warmup) {
        this.policy = policy;
        this.critic = critic;
        this.rateFactor = rateFactor;
        this.warmup = warmup;
    }

    /** What the policy's losses are compared with. */
    public Critic critic() {
        return critic;
    }

    @Override
    public ForwardPass forward(PackedBatch batch) {
        return policy.forward(batch);
    }

    @Override
    public ForwardPass forward(PackedBatch batch, Set<TokenStatistic> wanted) {
        return policy.forward(batch, wanted);
    }

    @Override
    public void join(Collective learners, boolean dividesOptimizer) {
        policy.join(learners, dividesOptimizer);
        critic.join(learners, dividesOptimizer);
    }

    @Override
    public void gather(Collective learners) {
        GatheredState.gather(policy, learners);
        GatheredState.gather(critic, learners);
    }

    @Override
    public void release() {
        GatheredState.release(policy);
        GatheredState.release(critic);
    }

    @Override
    public void sumGradients(Collective learners) {
        policy.sumGradients(learners);
        critic.sumGradients(learners);
    }

    /**
     * Steps both, or neither if one gradient is not finite.
     *
     * @param learningRate the policy's
     * @return the norm of the policy's gradient
     */
    @Override
    public double step(double learningRate, double maxGradNorm) {
        double norm = policy.gradientNorm();
        criticNorm = critic.gradientNorm();
        if (!Double.isFinite(norm) || !Double.isFinite(criticNorm)) {
            discardGradients();
            return norm;
        }
        if (steps < warmup) {
            policy.discardGradients();
        } else {
            policy.step(learningRate, maxGradNorm);
        }
        critic.step(rateFactor * learningRate, maxGradNorm);
        steps++;
        return norm;
    }

    @Override
    public byte[] digest() {
        byte[] first = policy.digest();
        byte[] second = critic.digest();
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    @Override
    public double gradientNorm() {
        return policy.gradientNorm();
    }

    /** {@code value_grad_norm}: of the critic's gradient before clipping. */
    @Override
    public Map<String, Double> stepMetrics() {
        return Map.of("value_grad_norm", criticNorm);
    }

    @Override
    public void discardGradients() {
        policy.discardGradients();
        critic.discardGradients();
    }

    @Override
    public Optional<String> brokenWeights() {
        return policy.brokenWeights().or(() -> critic.brokenWeights().map(broken -> "critic: " + broken));
    }

    @Override
    public long stateBytes() {
        return policy.stateBytes() + critic.stateBytes();
    }

    @Override
    public long modelBytes() {
        return policy.modelBytes();
    }

    /** The policy alone. */
    @Override
    public void saveModel(Path directory) {
        policy.saveModel(directory);
    }

    @Override
    public void saveState(Path checkpoint) {
        policy.saveState(checkpoint);
        Path own = checkpoint.resolve(DIRECTORY);
        try {
            Files.createDirectories(own);
            Files.writeString(own.resolve(STEPS), steps + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        critic.saveState(own);
    }

    @Override
    public void loadState(Path checkpoint) {
        policy.loadState(checkpoint);
        Path own = checkpoint.resolve(DIRECTORY);
        Path file = own.resolve(STEPS);
        try {
            steps = Integer.parseInt(
                    Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException | NumberFormatException e) {
            throw new DataException(file + ": expected the number of steps of policy and critic: " + e.getMessage(), e);
        }
        critic.loadState(own);
    }
}
