package ai.preceptor.lm.adapter;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.family.TensorNames.Layout;
import ai.preceptor.formats.weights.FloatFormat;
import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.formats.weights.TensorSource;
import ai.preceptor.lm.weights.LayerTensors;
import ai.preceptor.lm.weights.ModelTensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A base's weights with an adapter in them, computed as they are read: W + scale B A in float32, rounded once to the
 * element type of W; modules that were saved whole stand in for the base's. No device is needed, nor room for a model.
 */
final class MergedSource implements TensorSource {
    private final TensorSource base;
    private final AdapterConfig config;
    private final AdapterTensors adapter;
    private final Map<String, LowRank> changed = new HashMap<>();

    /** The file's name of each tensor that stands in for the base's, by the base's name of it. */
    private final Map<String, String> saved = new HashMap<>();

    /** The base's names of its tensors, by what PEFT calls them. */
    private final Map<String, String> namesInBase = new HashMap<>();

    /**
     * What is added to a tensor as it lies in the checkpoint: scale times left [rows, r] times right [r, columns].
     *
     * @param left name of the left factor, or of its transpose
     * @param turned whether the file holds both factors transposed
     */
    private record LowRank(String left, String right, boolean turned, int rank, double scale) {}

    /** The factors by rows. */
    private record Product(float[] left, float[] right, int rank, int columns, float scale) {
        /** Adds part of a row of the product, from a column on. */
        void addTo(float[] values, int row, int column) {
            float[] sum = new float[values.length];
            for (int k = 0; k < rank; k++) {
                float factor = left[row * rank + k];
                int of = k * columns + column;
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += factor * right[of + i];
                }
            }
            for (int i = 0; i < sum.length; i++) {
                values[i] += scale * sum[i];
            }
        }
    }

    private MergedSource(TensorSource base, AdapterConfig config, AdapterTensors adapter) {
        this.base = base;
        this.config = config;
        this.adapter = adapter;
    }

    /**
     * Takes over base and adapter, and checks that they fit each other.
     *
     * @param decoder the base's configuration
     * @throws DataException naming a tensor that has no place in the base, or another shape there
     */
    static MergedSource of(TensorSource base, AdapterConfig config, AdapterTensors adapter, DecoderConfig decoder) {
        MergedSource merged = new MergedSource(base, config, adapter);
        try {
            merged.plan(decoder);
            return merged;
        } catch (RuntimeException refused) {
            merged.close();
            throw refused;
        }
    }

    private void plan(DecoderConfig decoder) {
        Set<String> transposed = new HashSet<>();
        for (int layer = 0; layer < decoder.layers(); layer++) {
            LayerTensors.of(decoder, layer)
                    .all()
                    .filter(part -> part.layout() == Layout.TRANSPOSED)
                    .forEach(part -> transposed.add(part.name()));
        }
        base.names().forEach(name -> namesInBase.put(AdapterTensors.peftName(name), name));
        adapter.saved().forEach((tensor, name) -> {
            boolean score = tensor.equals(ModelTensors.SCORE);
            adapter.requireShape(
                    name,
                    score
                            ? new long[] {heads(name, decoder), decoder.hiddenSize()}
                            : place(tensor, name).shape());
            saved.put(nameInBase(tensor), name);
        });
        for (String module : adapter.linear()) {
            String weight = nameInBase(module + ".weight");
            add(
                    weight,
                    module,
                    AdapterTensors.nameOfA(module),
                    AdapterTensors.nameOfB(module),
                    transposed.contains(weight));
        }
        for (String module : adapter.embeddings()) {
            // A table lies the other way round than a linear layer's matrix.
            add(
                    module + ".weight",
                    module,
                    AdapterTensors.nameOfEmbeddingA(module),
                    AdapterTensors.nameOfEmbeddingB(module),
                    true);
        }
    }

    /** Scalar heads: those of the base, or of a base without any as many as the adapter brings. */
    private long heads(String score, DecoderConfig decoder) {
        return decoder.architecture().reward()
                ? decoder.rewardHeads()
                : adapter.source().info(score).shape()[0];
    }

    private void add(String weight, String module, String a, String b, boolean turned) {
        long[] shape = place(weight, a).shape();
        if (shape.length != 2) {
            throw DataException.in(
                    adapter.source().path(),
                    "tensor \"" + a + "\" has no place in the base model: " + weight + " is not a matrix");
        }
        int rank = config.rank(module);
        adapter.requireShape(a, rank, shape[turned ? 0 : 1]);
        adapter.requireShape(b, shape[turned ? 1 : 0], rank);
        double scale = config.scale(module, rank);
        changed.put(weight, turned ? new LowRank(a, b, true, rank, scale) : new LowRank(b, a, false, rank, scale));
    }

    private String nameInBase(String tensor) {
        return namesInBase.getOrDefault(tensor, tensor);
    }

    private TensorInfo place(String tensor, String name) {
        if (!base.names().contains(nameInBase(tensor))) {
            throw DataException.in(
                    adapter.source().path(),
                    "tensor \"" + name + "\" has no place in the base model: it has no " + tensor);
        }
        return base.info(nameInBase(tensor));
    }

    @Override
    public Path path() {
        return base.path();
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>(base.names());
        names.addAll(saved.keySet());
        return names;
    }

    /** What a tensor was before anything is added: PEFT saves the base of an adapted embedding too. */
    private TensorSource origin(String name) {
        return saved.containsKey(name) ? adapter.source() : base;
    }

    private String nameInOrigin(String name) {
        return saved.getOrDefault(name, name);
    }

    @Override
    public TensorInfo info(String name) {
        return origin(name).info(nameInOrigin(name));
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        if (!changed.containsKey(name)) {
            return origin(name).map(nameInOrigin(name), from, length);
        }
        ByteBuffer copy = ByteBuffer.allocate(length);
        read(name, from, copy);
        return copy.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        int start = into.position();
        origin(name).read(nameInOrigin(name), from, into);
        @Nullable LowRank term = changed.get(name);
        if (term != null) {
            add(term, info(name), from, into.slice(start, into.position() - start));
        }
    }

    /** Adds to part of a tensor, which begins at byte {@code from}; both ends may lie inside a row. */
    private void add(LowRank term, TensorInfo info, long from, ByteBuffer part) {
        FloatFormat format = FloatFormat.of(info.dtype())
                .orElseThrow(() -> new DataException(path() + ": tensor \"" + info.name()
                        + "\": expected element type F32, F16 or BF16, found " + info.dtype()));
        int size = info.dtype().size();
        int columns = Math.toIntExact(info.shape()[1]);
        float[] left = adapter.source().floats(term.left);
        float[] right = adapter.source().floats(term.right);
        int rows = left.length / term.rank;
        float[] leftRows = term.turned ? transpose(left, rows) : left;
        float[] rightRows = term.turned ? transpose(right, term.rank) : right;
        long first = from / size;
        long end = first + part.remaining() / size;
        if (first == end) {
            return;
        }
        Product product = new Product(leftRows, rightRows, term.rank, columns, (float) term.scale);
        IntStream.rangeClosed((int) (first / columns), (int) ((end - 1) / columns))
                .parallel()
                .forEach(row -> {
                    long rowStart = (long) row * columns;
                    int at = (int) (Math.max(first, rowStart) - rowStart);
                    int count = (int) (Math.min(end, rowStart + columns) - rowStart) - at;
                    ByteBuffer numbers = part.slice((int) ((rowStart + at - first) * size), count * size)
                            .order(ByteOrder.LITTLE_ENDIAN);
                    float[] values = new float[count];
                    format.decode(numbers, values, 0, count);
                    product.addTo(values, row, at);
                    format.encode(FloatBuffer.wrap(values), numbers);
                });
    }

    /** The transpose of a matrix, as one of so many rows. */
    private static float[] transpose(float[] matrix, int rows) {
        int columns = matrix.length / rows;
        float[] turned = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[row * columns + column] = matrix[column * rows + row];
            }
        }
        return turned;
    }

    @Override
    public void close() {
        try (base) {
            adapter.close();
        }
    }
}
