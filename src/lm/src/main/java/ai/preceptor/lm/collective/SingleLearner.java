package ai.preceptor.lm.collective;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** A learner without others. */
enum SingleLearner implements Collective {
    INSTANCE;

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int world() {
        return 1;
    }

    @Override
    public void sum(NDArray[] tensors) {}

    @Override
    public void sum(double[] values) {}

    @Override
    public void broadcast(NDArray[] tensors, int source) {}

    @Override
    public List<byte[]> gather(byte[] mine) {
        return List.of(mine.clone());
    }

    @Override
    public void close() {}
}
