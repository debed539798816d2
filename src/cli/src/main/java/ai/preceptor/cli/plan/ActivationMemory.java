package ai.preceptor.cli.plan;

/**
 * Bytes that a micro-batch leaves for its backward pass, and that the layer and the head at work need besides.
 *
 * @param kept inputs of layers and what their backward passes read, attention's probabilities, the head's softmax
 * @param working the largest of temporary tensors
 */
public record ActivationMemory(long kept, long working) {
    private static final long FLOAT = 4;

    /** Limits of what is kept for speed alone: probabilities of attention, those beside an adapter, softmax of the head. */
    private static final long PROBABILITIES = 128L << 20;

    private static final long PROBABILITIES_BESIDE_ADAPTER = 16L << 20;
    private static final long SOFTMAX = 256L << 20;

    /** Columns of logits that exist at a time. */
    private static final long TILE = 4096;

    /** Of a job that is trained in one way. */
    public static ActivationMemory of(Job job, Way way) {
        ModelSize model = job.student();
        Batch batch = job.batch();
        long layers = model.config().layers();
        long input = FLOAT * model.config().hiddenSize() * batch.tokens();
        long layer = layer(model, job.bytes()) * batch.tokens();
        long scores = FLOAT * model.config().heads() * batch.pairs();
        long trunk;
        if (way.checkpointing()) {
            trunk = layers * input + layer + Math.min(scores, PROBABILITIES);
        } else {
            long all = layers * layer
                    + Math.min(layers * scores, way.adapter() == 0 ? PROBABILITIES : PROBABILITIES_BESIDE_ADAPTER);
            long limit = job.bytes() * model.parameters() * 4 / 3;
            trunk = way.adapter() == 0 ? all : Math.min(all, Math.max(limit, layers * input) + layer);
        }
        return new ActivationMemory(trunk + head(job, way), working(job, layer, scores));
    }

    /** Bytes of one token in one layer: the stream in float32, the rest in the type of products. */
    static long layer(ModelSize model, long bytes) {
        long hidden = model.config().hiddenSize();
        long others = model.queryWidth()
                + model.keyValueWidth() // projected
                + model.queryWidth() // attention's output
                + hidden // its projection
                + model.upWidth()
                + (model.normsAfterMlp() ? hidden : 0);
        return FLOAT * hidden + bytes * others;
    }

    private static long head(Job job, Way way) {
        long softmax = job.batch().targets() * job.bytes() * outputs(job);
        return way.adapter() == 0 && softmax <= SOFTMAX ? softmax : 0;
    }

    private static long outputs(Job job) {
        return job.student().head() / job.student().config().hiddenSize();
    }

    /** A layer's backward pass holds about what it reads again, in float32, and its scores; the head two tiles of logits. */
    private static long working(Job job, long layer, long scores) {
        long inLayer = layer * FLOAT / job.bytes() + Math.min(scores, PROBABILITIES);
        long tiles = 2 * FLOAT * job.batch().targets() * Math.min(TILE, outputs(job));
        return Math.max(inLayer, tiles);
    }

    /** Both. */
    public long sum() {
        return kept + working;
    }
}
