package ai.preceptor.lm.collective;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * The learners of a run, seen from one of them. Every learner makes the same calls in the same order; a call returns when all
 * have made it. What it gives is equal to the last bit on all of them, and from run to run.
 *
 * <p>One thread uses it. Every method throws {@link LostLearnerException} if another learner ended, or did not answer within
 * the timeout; a collective that threw it is of no further use.
 */
public interface Collective extends AutoCloseable {
    /** Bytes that a double carries exactly. */
    int BYTES = 6;

    /** Number of this learner, 0 to {@code world() - 1}; 0 writes what is kept of the run. */
    int rank();

    /** How many learners there are, at least 1. */
    int world();

    /** Sums each tensor over the learners, in place. All have tensors of the same shapes and element types. */
    void sum(NDArray[] tensors);

    /** Sums each number over the learners, in place. All have as many. */
    void sum(double[] values);

    /** Overwrites each tensor with that of one learner. All have tensors of the same shapes and element types. */
    void broadcast(NDArray[] tensors, int source);

    /** What each learner gives, in the order of their ranks; of any lengths. */
    default List<byte[]> gather(byte[] mine) {
        double[] sizes = new double[world()];
        sizes[rank()] = mine.length;
        sum(sizes);
        int longest = 0;
        for (double size : sizes) {
            longest = Math.max(longest, (int) size);
        }
        int width = (longest + BYTES - 1) / BYTES;
        double[] all = new double[world() * width];
        pack(mine, all, rank() * width);
        if (longest > 0) {
            sum(all);
        }
        List<byte[]> given = new ArrayList<>();
        for (int rank = 0; rank < world(); rank++) {
            byte[] bytes = new byte[(int) sizes[rank]];
            unpack(all, rank * width, bytes);
            given.add(bytes);
        }
        return given;
    }

    /** What learner 0 gives, on every learner; what the others give is not looked at. */
    default byte[] ofFirst(byte[] mine) {
        if (world() == 1) {
            return mine.clone();
        }
        double[] size = {rank() == 0 ? mine.length : 0};
        sum(size);
        byte[] given = new byte[(int) size[0]];
        double[] packed = new double[(given.length + BYTES - 1) / BYTES];
        if (rank() == 0) {
            pack(mine, packed, 0);
        }
        sum(packed);
        unpack(packed, 0, given);
        return given;
    }

    private static void pack(byte[] bytes, double[] into, int first) {
        for (int i = 0; i < bytes.length; i++) {
            into[first + i / BYTES] += (double) ((bytes[i] & 0xFFL) << (Byte.SIZE * (i % BYTES)));
        }
    }

    private static void unpack(double[] packed, int first, byte[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = (byte) ((long) packed[first + i / BYTES] >> (Byte.SIZE * (i % BYTES)));
        }
    }

    /** Waits until every learner is here. */
    default void barrier() {
        sum(new double[1]);
    }

    /** Leaves the others; a call that they make afterwards fails. */
    @Override
    void close();

    /** One learner: every sum is what it was. */
    static Collective single() {
        return SingleLearner.INSTANCE;
    }
}
