package ai.preceptor.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/** Chooses the next token of a row from its logits. One thread's, with scratch of the vocabulary's size. */
public final class TokenDraw {
    /** Weights are summed up in float32 in pieces of so many, and the pieces in float64. */
    private static final int PIECE = 512;

    /** How many of the largest logits are looked at first for the fewest that reach a share. */
    private static final int FIRST_LARGEST = 64;

    private final int vocabulary;
    private final double cap;
    private final float[] logits;
    private final float[] edited;
    private final float[] weights;
    private final double[] pieces;

    /**
     * For a vocabulary.
     *
     * @param vocabulary ids
     * @param cap bound of the logits, c tanh(z / c); 0 for none
     */
    public TokenDraw(int vocabulary, double cap) {
        this.vocabulary = vocabulary;
        this.cap = cap;
        int padded = Lanes.padded(vocabulary);
        this.logits = new float[padded];
        this.edited = new float[padded];
        this.weights = new float[padded];
        this.pieces = new double[(padded + PIECE - 1) / PIECE];
    }

    /**
     * Chooses a token.
     *
     * @param raw logits, not yet bounded, from {@code from} on; they stay as they are
     */
    public Drawn draw(float[] raw, int from, Drawing how) {
        System.arraycopy(raw, from, logits, 0, vocabulary);
        Arrays.fill(logits, vocabulary, logits.length, Float.NEGATIVE_INFINITY);
        if (cap > 0) {
            bound();
        }
        float top = Lanes.max(logits, 0, vocabulary);
        if (!Float.isFinite(top)) {
            return new Drawn(0, Double.NaN, Double.NaN, null, new int[0], new double[0]);
        }
        double lse = top + Math.log(weigh(logits, top, 1));
        float[] z = logits;
        if (!how.edit().isEmpty()) {
            System.arraycopy(logits, 0, edited, 0, edited.length);
            how.edit().apply(edited, vocabulary);
            z = edited;
            top = Lanes.max(z, 0, vocabulary);
        }
        Largest reported = Largest.of(logits, vocabulary, how.reported());
        int[] topIds = new int[reported.size()];
        double[] topLogprobs = new double[topIds.length];
        for (int i = 0; i < topIds.length; i++) {
            topIds[i] = reported.place(i);
            topLogprobs[i] = reported.value(i) - lse;
        }
        if (!Float.isFinite(top)) {
            return new Drawn(0, Double.NaN, Double.NaN, null, topIds, topLogprobs);
        }
        if (how.greedy()) {
            int id = indexOf(z, top);
            return new Drawn(id, logits[id] - lse, 0, null, topIds, topLogprobs);
        }
        boolean weighed = z == logits && how.inverse() == 1;
        double total = weighed ? Arrays.stream(pieces).sum() : weigh(z, top, how.inverse());
        int[] support = null;
        if (how.isFiltered()) {
            float cut = cut(z, top, total, how);
            support = how.support() ? support(z, cut) : null;
            total = cutOff(z, cut);
        }
        int id = at(how.uniform() * total);
        return new Drawn(id, logits[id] - lse, Math.log(weights[id] / total), support, topIds, topLogprobs);
    }

    private void bound() {
        float inverse = (float) (1 / cap);
        for (int i = 0; i < logits.length; i += Lanes.COUNT) {
            FloatVector z = Lanes.load(logits, i).mul(inverse);
            FloatVector bounded = Activation.tanh(z).mul((float) cap);
            bounded.blend(z, z.compare(VectorOperators.EQ, z).not()).intoArray(logits, i);
        }
        Arrays.fill(logits, vocabulary, logits.length, Float.NEGATIVE_INFINITY);
    }

    /** Weights e^((z - top) / temperature), and their sum. */
    private double weigh(float[] z, float top, float inverse) {
        for (int i = 0; i < weights.length; i += Lanes.COUNT) {
            Lanes.expOrZero(Lanes.load(z, i).sub(top).mul(inverse)).intoArray(weights, i);
        }
        return total();
    }

    private double total() {
        double total = 0;
        for (int i = 0; i < pieces.length; i++) {
            int from = i * PIECE;
            pieces[i] = Lanes.sum(weights, from, Math.min(PIECE, weights.length - from));
            total += pieces[i];
        }
        return total;
    }

    private static int indexOf(float[] z, float value) {
        int i = 0;
        while (z[i] != value) {
            i++;
        }
        return i;
    }

    /** The smallest logit that may be drawn. */
    private float cut(float[] z, float top, double total, Drawing how) {
        float cut = how.logMinP() == Float.NEGATIVE_INFINITY ? how.logMinP() : top + how.logMinP() / how.inverse();
        if (how.k() > 0 || how.p() < 1) {
            Largest largest = Largest.of(z, vocabulary, Math.max(how.k(), FIRST_LARGEST));
            float kth = how.k() == 0 || how.k() > largest.size() ? Float.NEGATIVE_INFINITY : largest.value(how.k() - 1);
            cut = Math.max(cut, kth);
            if (how.p() < 1) {
                cut = Math.max(cut, nucleus(z, largest, kth, total, how.p()));
            }
        }
        return cut;
    }

    /** The smallest logit of the fewest most probable ones, at {@code kth} or above, that reach a share of them. */
    private float nucleus(float[] z, Largest first, float kth, double total, float share) {
        double mass = kth == Float.NEGATIVE_INFINITY ? total : massFrom(z, kth);
        Largest largest = first;
        while (true) {
            double reached = 0;
            for (int i = 0; i < largest.size(); i++) {
                if (largest.value(i) < kth || reached >= mass * share) {
                    return largest.value(i - 1);
                }
                reached += weights[largest.place(i)];
            }
            if (reached >= mass * share || largest.size() == vocabulary) {
                return largest.value(largest.size() - 1);
            }
            largest = Largest.of(z, vocabulary, 8 * largest.size());
        }
    }

    private double massFrom(float[] z, float least) {
        double mass = 0;
        for (int i = 0; i < vocabulary; i++) {
            mass += z[i] >= least ? weights[i] : 0;
        }
        return mass;
    }

    private double cutOff(float[] z, float cut) {
        for (int i = 0; i < vocabulary; i++) {
            if (z[i] < cut) {
                weights[i] = 0;
            }
        }
        return total();
    }

    /** Ids at the cut or above it that are not closed; null if these are all. */
    private int @Nullable [] support(float[] z, float cut) {
        int[] ids = new int[vocabulary];
        int n = 0;
        for (int i = 0; i < vocabulary; i++) {
            if (z[i] >= cut && z[i] > Float.NEGATIVE_INFINITY) {
                ids[n] = i;
                n++;
            }
        }
        return n == vocabulary ? null : Arrays.copyOf(ids, n);
    }

    /** The id at which the sum of weights exceeds a goal. */
    private int at(double goal) {
        double before = 0;
        int piece = 0;
        while (piece < pieces.length - 1 && before + pieces[piece] <= goal) {
            before += pieces[piece];
            piece++;
        }
        int found = -1;
        int end = Math.min(weights.length, (piece + 1) * PIECE);
        for (int i = piece * PIECE; i < end && (found < 0 || before <= goal); i++) {
            if (weights[i] > 0) {
                before += weights[i];
                found = i;
            }
        }
        return found < 0 ? lastWithWeight(piece * PIECE) : found;
    }

    private int lastWithWeight(int before) {
        int i = before - 1;
        while (i > 0 && weights[i] == 0) {
            i--;
        }
        return Math.max(i, 0);
    }
}
