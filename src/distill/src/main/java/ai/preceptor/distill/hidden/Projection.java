package ai.preceptor.distill.hidden;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.run.Stateful;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A linear map from the student's hidden size to the teacher's that is learnt along with the student, and thrown away after it:
 * FitNets' regressor (Romero et al. 2015, arXiv:1412.6550, section 2.2). AdamW without decay takes the step's gradient at the
 * student's learning rate.
 */
public final class Projection implements Stateful {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final String name;
    private final int from;
    private final int to;
    private final float[] weights;
    private final float[] gradient;
    private final float[] first;
    private final float[] second;
    private long steps;

    /**
     * @param name of its file in a checkpoint
     * @param from student's hidden size
     * @param to teacher's
     * @param seed of its first weights, normal with variance {@code 1 / from}
     */
    public Projection(String name, int from, int to, long seed) {
        this.name = name;
        this.from = from;
        this.to = to;
        this.weights = new float[from * to];
        this.gradient = new float[weights.length];
        this.first = new float[weights.length];
        this.second = new float[weights.length];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextGaussian() / Math.sqrt(from));
        }
    }

    /** The student's states in the teacher's width. */
    public HiddenStates apply(HiddenStates student) {
        float[] mapped = new float[student.tokens() * to];
        for (int token = 0; token < student.tokens(); token++) {
            for (int d = 0; d < from; d++) {
                float by = student.values()[token * from + d];
                for (int row = 0; row < to; row++) {
                    mapped[token * to + row] += by * weights[d * to + row];
                }
            }
        }
        return new HiddenStates(mapped, to, student.rows());
    }

    /**
     * Takes the gradient back to the student's states.
     *
     * @param slope {@code [tokens * to]}: derivative by what {@link #apply} gave
     * @param learn whether the weights' own gradient is added up
     */
    public float[] backward(HiddenStates student, float[] slope, boolean learn) {
        float[] back = new float[student.values().length];
        for (int token = 0; token < student.tokens(); token++) {
            for (int d = 0; d < from; d++) {
                float sum = 0;
                for (int row = 0; row < to; row++) {
                    sum += slope[token * to + row] * weights[d * to + row];
                }
                back[token * from + d] = sum;
                float by = learn ? student.values()[token * from + d] : 0;
                for (int row = 0; row < to && learn; row++) {
                    gradient[d * to + row] += by * slope[token * to + row];
                }
            }
        }
        return back;
    }

    /** Replaces the gradient added up since the last step by its sum over the learners. */
    void sum(Collective learners) {
        double[] wide = new double[gradient.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = gradient[i];
        }
        learners.sum(wide);
        for (int i = 0; i < wide.length; i++) {
            gradient[i] = (float) wide[i];
        }
    }

    /** One step on the gradient added up since the last. */
    public void step(double learningRate) {
        steps++;
        double bias1 = 1 - Math.pow(BETA1, (double) steps);
        double bias2 = 1 - Math.pow(BETA2, (double) steps);
        for (int i = 0; i < weights.length; i++) {
            first[i] = (float) (BETA1 * first[i] + (1 - BETA1) * gradient[i]);
            second[i] = (float) (BETA2 * second[i] + (1 - BETA2) * gradient[i] * gradient[i]);
            weights[i] -= (float) (learningRate * first[i] / bias1 / (Math.sqrt(second[i] / bias2) + EPSILON));
            gradient[i] = 0;
        }
    }

    /** A copy of the weights, {@code [from * to]}. */
    public float[] weights() {
        return weights.clone();
    }

    /** The gradient added up since the last step, as {@link #weights}. */
    public float[] gradient() {
        return gradient.clone();
    }

    @Override
    public void saveState(Path checkpoint) {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(checkpoint.resolve(name))))) {
            out.writeLong(steps);
            for (float[] numbers : new float[][] {weights, first, second}) {
                for (float number : numbers) {
                    out.writeFloat(number);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        Path file = checkpoint.resolve(name);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            steps = in.readLong();
            for (float[] numbers : new float[][] {weights, first, second}) {
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = in.readFloat();
                }
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
