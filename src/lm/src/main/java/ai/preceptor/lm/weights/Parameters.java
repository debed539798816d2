package ai.preceptor.lm.weights;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.TensorKernels;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * All weights of a model, in the order of its checkpoint, and those of an adapter beside them, with their gradients when
 * they are trained.
 */
public final class Parameters {
    private final Torch torch;
    private final Scope owner;
    private final Precision precision;
    private final Precision forward;
    private final Predicate<List<Parameter.Part>> trainable;
    private final List<Parameter> blocks = new ArrayList<>();
    private final List<Parameter> added = new ArrayList<>();
    private boolean fresh = true;
    private long updates;
    private long passes;
    private int learner;
    private int learners = 1;
    private long seed;

    /**
     * @param forward element type of a forward pass's products
     * @param trainable which blocks are trained, by their parts
     */
    public Parameters(
            Torch torch,
            Scope owner,
            Precision precision,
            Precision forward,
            Predicate<List<Parameter.Part>> trainable) {
        this.forward = forward;
        this.torch = torch;
        this.owner = owner;
        this.precision = precision;
        this.trainable = trainable;
    }

    public Parameter add(List<Parameter.Part> parts) {
        Parameter block =
                Parameter.allocate(owner, kernels(), parts, precision, trainable.test(parts), forward != precision);
        blocks.add(block);
        return block;
    }

    /** A tensor of an adapter: trained, and no part of the checkpoint. */
    public Parameter addToAdapter(Parameter.Part whole) {
        Parameter block = Parameter.allocate(owner, kernels(), List.of(whole), precision, true, false);
        added.add(block);
        return block;
    }

    /** Keeps what the trained blocks compute with now for {@link PassMode#REFERENCE}. */
    public void keepReference(Parameter block) {
        block.keepReference(owner, kernels());
    }

    /** A tensor that is used in float32 at any precision. */
    public Parameter addExact(String name, long... shape) {
        List<Parameter.Part> parts = List.of(new Parameter.Part(name, 0, shape));
        Parameter block = Parameter.allocate(owner, kernels(), parts, Precision.FLOAT32, trainable.test(parts), false);
        blocks.add(block);
        return block;
    }

    public Parameter add(String name, long... shape) {
        return add(List.of(new Parameter.Part(name, 0, shape)));
    }

    private TensorKernels kernels() {
        return torch.kernels().tensors();
    }

    /** The blocks of the model itself, in order. */
    public List<Parameter> blocks() {
        return List.copyOf(blocks);
    }

    /** Whether there are tensors of an adapter. */
    public boolean hasAdapter() {
        return !added.isEmpty();
    }

    /** The blocks of the model itself, then those of an adapter. */
    List<Parameter> withAdapter() {
        return Stream.concat(blocks.stream(), added.stream()).toList();
    }

    /** The blocks that are trained, those of an adapter last. */
    public List<Parameter> trained() {
        return Stream.concat(blocks.stream(), added.stream())
                .filter(Parameter::isTrainable)
                .toList();
    }

    /** How many numbers the model has, without an adapter's. */
    public long count() {
        return blocks.stream().mapToLong(block -> block.compute().size()).sum();
    }

    /** Matrix products' element type, in the backward pass and in generation. */
    public Precision precision() {
        return precision;
    }

    /** That of a forward pass; a frozen reference of this model is loaded in it. */
    public Precision forwardPrecision() {
        return forward;
    }

    /** The device they live on. */
    public Torch torch() {
        return torch;
    }

    /** Reads every part from a checkpoint. */
    public void load(TensorSource source) {
        load(source, Map.of());
    }

    /** The same, but for blocks that the checkpoint may lack and that then start with the given numbers. */
    public void load(TensorSource source, Map<Parameter, float[]> optional) {
        TensorFile files = new TensorFile(torch);
        for (Parameter block : blocks) {
            Parameter.Part part = block.parts().get(0);
            float[] otherwise = optional.get(block);
            if (otherwise != null && !source.names().contains(part.name())) {
                set(block, part, otherwise);
            } else {
                block.parts().forEach(own -> files.read(source, own, block.values()));
            }
        }
        refreshCopies();
    }

    /**
     * Normal numbers for matrices, one number for norms, zeros for biases.
     *
     * @param deviation standard deviation of the matrices
     */
    public void initialise(double deviation, float norms, long seed) {
        Random random = new Random(seed);
        for (Parameter block : blocks) {
            for (Parameter.Part part : block.parts()) {
                float[] values = new float[Math.toIntExact(size(part))];
                for (int i = 0; i < values.length; i++) {
                    values[i] = part.shape().length > 1
                            ? (float) (random.nextGaussian() * deviation)
                            : (part.name().endsWith("bias") ? 0f : norms);
                }
                set(block, part, values);
            }
        }
        refreshCopies();
    }

    /** Overwrites one part with as many values as it has numbers, row by row of the block. */
    public void set(Parameter block, Parameter.Part part, float[] values) {
        try (Scope scope = torch.scope()) {
            kernels().setRows(block.values(), scope.floats(values), part.firstRow(), part.rows());
        }
    }

    private static long size(Parameter.Part part) {
        long size = 1;
        for (long n : part.shape()) {
            size *= n;
        }
        return size;
    }

    /** Makes the low-precision copies equal to their masters; after every change of a master. */
    public void refreshCopies() {
        List<Parameter> copied = Stream.concat(blocks.stream(), added.stream())
                .filter(Parameter::hasCopy)
                .toList();
        if (!copied.isEmpty()) {
            NDArray[] copies = copied.stream().map(Parameter::compute).toArray(NDArray[]::new);
            NDArray[] masters = copied.stream().map(Parameter::master).toArray(NDArray[]::new);
            torch.kernels().optimizer().refresh(copies, masters);
        }
    }

    /** The first tensor with a NaN or an infinity in it, in words; empty where every weight is finite. Reads every weight. */
    public Optional<String> brokenWeights() {
        for (Parameter block : withAdapter()) {
            for (Parameter.Part part : block.parts()) {
                long bad = notFinite(block, part);
                if (bad > 0) {
                    return Optional.of("the weights are not finite: " + part.name() + " holds NaN or infinity (" + bad
                            + " of " + size(part) + " numbers)");
                }
            }
        }
        return Optional.empty();
    }

    /** Why a number that these weights computed is not finite: as {@link #brokenWeights}, or that it is not for them. */
    public String whyNotFinite() {
        return brokenWeights().orElse("every weight is finite, so numbers overflow between them");
    }

    private long notFinite(Parameter block, Parameter.Part part) {
        try (Scope scope = torch.scope()) {
            return kernels()
                    .notFinite(scope, block.forward(PassMode.SCORING), part.firstRow(), part.rows())
                    .toLongArray()[0];
        }
    }

    /** Tells whether gradients are to be overwritten (nothing accumulated yet), and that they no longer are. */
    public boolean takeFresh() {
        boolean was = fresh;
        fresh = false;
        return was;
    }

    /** Forgets the gradients: the next backward pass overwrites them. */
    public void clearGradients() {
        fresh = true;
        passes = 0;
    }

    /** Replaces the gradients by their sum over the learners; of one that accumulated none they count as 0. */
    public void sumGradients(Collective learners) {
        NDArray[] gradients = trained().stream().map(Parameter::gradient).toArray(NDArray[]::new);
        if (takeFresh()) {
            for (NDArray gradient : gradients) {
                kernels().fill(gradient, 0);
            }
        }
        learners.sum(gradients);
    }

    /** Says how many updates the weights have had: what is random in a pass follows from that and the pass's number. */
    public void updated(long times) {
        updates = times;
        passes = 0;
    }

    /** Where the dropout of the next pass of training starts. */
    public long nextDropoutSeed() {
        return new SplittableRandom(seed
                        ^ new SplittableRandom(updates).nextLong()
                                + 0x9E3779B97F4A7C15L * (learner + learners * passes++))
                .nextLong();
    }

    /**
     * Says that the passes of an update are those of several learners in turn, of which this one has its own: what is random in a
     * pass is the same whoever makes it.
     *
     * @param rank of this learner
     * @param world how many there are
     */
    public void shareUpdates(int rank, int world) {
        learner = rank;
        learners = world;
    }

    /** What dropout depends on besides the number of updates and passes. */
    public void seed(long value) {
        seed = value;
    }

    /** Whether a backward pass has accumulated anything since the gradients were last cleared. */
    public boolean hasGradients() {
        return !fresh;
    }
}
