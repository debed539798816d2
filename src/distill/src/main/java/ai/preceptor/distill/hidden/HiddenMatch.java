package ai.preceptor.distill.hidden;

import ai.preceptor.lm.DistributionPass;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.decoder.Taps;
import ai.preceptor.train.Metric;
import ai.preceptor.train.Pass.Contribution;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.Totals;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.learners.SharedState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Compares hidden states and attention as a {@link HiddenLoss} specifies, and holds the trained projections. */
public final class HiddenMatch implements TrainListener, SharedState {
    /** Compares nothing. */
    public static final HiddenMatch NONE = new HiddenMatch(null, 1, 1, List.of());

    private final @Nullable HiddenLoss loss;
    private final int studentWidth;
    private final int teacherWidth;
    private final List<Projection> projections;

    private HiddenMatch(@Nullable HiddenLoss loss, int studentWidth, int teacherWidth, List<Projection> projections) {
        this.loss = loss;
        this.studentWidth = studentWidth;
        this.teacherWidth = teacherWidth;
        this.projections = projections;
    }

    /**
     * A projection for each pair of layers where widths differ and a part needs them equal.
     *
     * @param loss with its layers named
     * @param seed of the projections
     */
    public static HiddenMatch of(HiddenLoss loss, int studentWidth, int teacherWidth, long seed) {
        List<Projection> projections = new ArrayList<>();
        if (studentWidth != teacherWidth
                && loss.parts().stream().anyMatch(part -> part.similarity().needsEqualWidths())) {
            for (int i = 0; i < loss.layers().size(); i++) {
                projections.add(new Projection("projection-" + i + ".bin", studentWidth, teacherWidth, seed + i));
            }
        }
        return new HiddenMatch(loss, studentWidth, teacherWidth, projections);
    }

    /** What is wanted of the student's pass. */
    public Taps studentTaps() {
        return taps(HiddenLoss.Pair::student);
    }

    /** What is wanted of the teacher's. */
    public Taps teacherTaps() {
        return taps(HiddenLoss.Pair::teacher);
    }

    /** A layer of each pair, for states and for attention where such are compared. */
    private Taps taps(ToIntFunction<HiddenLoss.Pair> side) {
        if (loss == null) {
            return Taps.NONE;
        }
        int[] layers = loss.layers().stream().mapToInt(side).toArray();
        int[] none = new int[0];
        return new Taps(loss.parts().isEmpty() ? none : layers, loss.attention().isEmpty() ? none : layers);
    }

    /**
     * What a comparison found.
     *
     * @param loss its share of the step's
     * @param slopes {@code [targets * d]} a pair of layers: derivative by the student's states; empty where none are compared
     * @param attention {@code [targets][keys]} a pair of layers: by the student's attention; empty where none is compared
     * @param metrics the parts, unweighted
     */
    public record Found(double loss, List<float[]> slopes, List<float[][]> attention, Map<String, Metric> metrics) {
        /** The same with what else the micro-batch adds to its step. */
        public Contribution addTo(Contribution tokens) {
            Map<String, Metric> all = new LinkedHashMap<>(tokens.metrics());
            all.putAll(metrics);
            return new Contribution(tokens.loss() + loss, all);
        }
    }

    /**
     * Compares the states of a micro-batch.
     *
     * @param learn whether projections collect their gradient
     */
    public Found compare(
            TeacherDistributions teacher, DistributionPass student, PackedBatch batch, Totals step, boolean learn) {
        if (loss == null) {
            return new Found(0, List.of(), List.of(), Map.of());
        }
        double sum = 0;
        List<float[]> slopes = new ArrayList<>();
        Map<String, Metric> metrics = new LinkedHashMap<>();
        int pairs = loss.layers().size();
        List<float[][]> attention = new ArrayList<>();
        for (int pair = 0; pair < pairs && !loss.attention().isEmpty(); pair++) {
            float[][] mine = student.attention(pair);
            float[][] slope = shaped(mine);
            sum += attend(loss.attention(), teacher.attention(pair), mine, step, pairs, slope, metrics);
            attention.add(slope);
        }
        for (int pair = 0; pair < pairs && !loss.parts().isEmpty(); pair++) {
            HiddenStates theirs = new HiddenStates(teacher.hidden(pair), teacherWidth, batch.spans());
            HiddenStates mine = new HiddenStates(student.hidden(pair), studentWidth, batch.spans());
            float[] slope = new float[mine.values().length];
            for (HiddenLoss.Part part : loss.parts()) {
                boolean rows = part.similarity().countsRows();
                double scale = part.weight() / pairs / (rows ? step.rows() : step.tokens());
                double value = add(part.similarity(), theirs, mine, pair, scale, slope, learn);
                sum += scale * value;
                int count = rows ? batch.spans().size() : mine.tokens();
                Metric metric = Metric.mean(value / pairs, (double) count / pairs);
                metrics.merge(part.similarity().key(), metric, Metric::merge);
            }
            slopes.add(slope);
        }
        return new Found(sum, slopes, attention, metrics);
    }

    private static float[][] shaped(float[][] like) {
        float[][] zeros = new float[like.length][];
        for (int row = 0; row < like.length; row++) {
            zeros[row] = new float[like[row].length];
        }
        return zeros;
    }

    private static double attend(
            List<HiddenLoss.AttentionPart> parts,
            float[][] theirs,
            float[][] mine,
            Totals step,
            int pairs,
            float[][] slope,
            Map<String, Metric> metrics) {
        double sum = 0;
        for (HiddenLoss.AttentionPart part : parts) {
            double scale = part.weight() / pairs / step.tokens();
            float[][] own = shaped(mine);
            double value = part.similarity().evaluate(theirs, mine, own);
            for (int row = 0; row < own.length; row++) {
                for (int key = 0; key < own[row].length; key++) {
                    slope[row][key] += (float) (scale * own[row][key]);
                }
            }
            sum += scale * value;
            metrics.merge(
                    part.similarity().key(), Metric.mean(value / pairs, (double) mine.length / pairs), Metric::merge);
        }
        return sum;
    }

    private double add(
            HiddenSimilarity similarity,
            HiddenStates theirs,
            HiddenStates mine,
            int pair,
            double scale,
            float[] slope,
            boolean learn) {
        boolean projected = !projections.isEmpty() && similarity.needsEqualWidths();
        HiddenStates seen = projected ? projections.get(pair).apply(mine) : mine;
        float[] own = new float[seen.values().length];
        double value = similarity.evaluate(theirs, seen, own);
        for (int i = 0; i < own.length; i++) {
            own[i] = (float) (own[i] * scale);
        }
        float[] back = projected ? projections.get(pair).backward(mine, own, learn) : own;
        for (int i = 0; i < slope.length; i++) {
            slope[i] += back[i];
        }
        return value;
    }

    @Override
    public void sum(Collective learners) {
        projections.forEach(projection -> projection.sum(learners));
    }

    /** Projections take their step at the student's rate. */
    @Override
    public void onStep(StepMetrics step) {
        projections.forEach(projection -> projection.step(step.learningRate()));
    }

    @Override
    public void saveState(Path checkpoint) {
        projections.forEach(projection -> projection.saveState(checkpoint));
    }

    @Override
    public void loadState(Path checkpoint) {
        projections.forEach(projection -> projection.loadState(checkpoint));
    }
}
