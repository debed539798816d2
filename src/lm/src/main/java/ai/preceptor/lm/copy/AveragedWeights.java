package ai.preceptor.lm.copy;

import ai.preceptor.data.DataException;
import ai.preceptor.data.closing.Closing;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.FloatFormat;
import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.formats.weights.TensorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The weighted mean of several checkpoints of the same tensors, computed as it is read: in float64, rounded once to
 * float32, which every tensor of it is. A tensor that holds no floats is the first checkpoint's.
 *
 * <p>Source: Ramé et al. 2024, WARM: On the Benefits of Weight Averaged Reward Models, arXiv:2401.12187, eq. 1; Wortsman et
 * al. 2022, Model Soups, arXiv:2203.05482.
 */
final class AveragedWeights implements TensorSource {
    private final List<TensorSource> sources;
    private final double[] shares;

    /**
     * A mean.
     *
     * @param sources at least one, with tensors of the same names and shapes; closed with this
     * @param weights one per source, all positive; each counts by its share of their sum
     * @throws IllegalArgumentException if there is none, or not one weight for each
     */
    AveragedWeights(List<? extends TensorSource> sources, List<Double> weights) {
        if (sources.isEmpty() || sources.size() != weights.size()) {
            throw new IllegalArgumentException("weights: " + weights.size() + " for " + sources.size()
                    + " checkpoints, must be one for each of at least one");
        }
        this.sources = List.copyOf(sources);
        double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
        this.shares = weights.stream().mapToDouble(weight -> weight / sum).toArray();
    }

    @Override
    public Path path() {
        return sources.get(0).path();
    }

    @Override
    public Set<String> names() {
        return sources.get(0).names();
    }

    @Override
    public TensorInfo info(String name) {
        TensorInfo first = sources.get(0).info(name);
        return FloatFormat.of(first.dtype()).isEmpty()
                ? first
                : new TensorInfo(name, DType.F32, first.dimensions(), 0, first.elements() * DType.F32.size());
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        if (FloatFormat.of(sources.get(0).info(name).dtype()).isEmpty()) {
            return sources.get(0).map(name, from, length);
        }
        if (from % Float.BYTES != 0 || length % Float.BYTES != 0) {
            throw new IndexOutOfBoundsException(
                    "bytes " + from + " to " + (from + length) + " of " + name + ", must be whole numbers of float32");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        FloatFormat.F32.encode(FloatBuffer.wrap(mean(name, from / Float.BYTES, length / Float.BYTES)), bytes);
        return bytes.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private float[] mean(String name, long first, int count) {
        double[] sums = new double[count];
        float[] values = new float[count];
        for (int k = 0; k < shares.length; k++) {
            TensorSource source = sources.get(k);
            DType type = source.info(name).dtype();
            FloatFormat format = FloatFormat.of(type)
                    .orElseThrow(() -> new DataException(source.path() + ": tensor \"" + name
                            + "\": expected element type F32, F16 or BF16, found " + type));
            format.decode(source.map(name, first * type.size(), count * type.size()), values, 0, count);
            for (int i = 0; i < count; i++) {
                double term = shares[k] * values[i];
                sums[i] = k == 0 ? term : sums[i] + term; // from 0 on, a mean of -0 would be 0
            }
        }
        for (int i = 0; i < count; i++) {
            values[i] = (float) sums[i];
        }
        return values;
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        into.put(map(name, from, into.remaining()));
    }

    @Override
    public void close() {
        Closing.all(sources, TensorSource::close);
    }
}
