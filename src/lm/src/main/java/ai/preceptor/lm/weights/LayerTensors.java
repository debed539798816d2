package ai.preceptor.lm.weights;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.family.LayerStyle.NormKind;
import ai.preceptor.formats.family.TensorNames;
import ai.preceptor.formats.family.TensorNames.Layout;
import ai.preceptor.formats.family.TensorNames.Norm;
import ai.preceptor.lm.weights.Parameter.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The tensors of one layer in a checkpoint: names, shapes, and where each lies in the blocks that kernels take.
 *
 * @param projections qkv, o, up (with gate), down
 * @param biases of these; an empty list where there is none
 * @param norms weights and shifts of norms, by their slot in kernels
 */
public record LayerTensors(List<List<Part>> projections, List<List<Part>> biases, Map<Integer, Part> norms) {
    /** Norm tensors of a layer in kernels. */
    public static final int NORM_SLOTS = 8;

    public static LayerTensors of(DecoderConfig config, int layer) {
        TensorNames names = config.tensorNames();
        String prefix = names.trunk() + names.layers() + layer + ".";
        long queries = (long) config.heads() * config.headDim();
        long keys = (long) config.kvHeads() * config.headDim();
        long hidden = config.hiddenSize();
        long inner = config.intermediateSize();
        Layout plain = names.layout() == Layout.TRANSPOSED ? Layout.TRANSPOSED : Layout.LINEAR;
        List<Matrix> matrices = List.of(
                new Matrix(
                        names.qkv(),
                        List.of(queries, keys, keys),
                        hidden,
                        names.layout(),
                        config.biases().qkv()),
                new Matrix(
                        List.of(names.output()),
                        List.of(hidden),
                        queries,
                        plain,
                        config.biases().output()),
                new Matrix(
                        names.up(),
                        config.style().gated() ? List.of(inner, inner) : List.of(inner),
                        hidden,
                        plain,
                        config.biases().mlp()),
                new Matrix(
                        List.of(names.down()),
                        List.of(hidden),
                        inner,
                        plain,
                        config.biases().mlp()));
        return new LayerTensors(
                matrices.stream().map(m -> m.weights(prefix, config.heads())).toList(),
                matrices.stream().map(m -> m.biases(prefix, config.heads())).toList(),
                norms(config, prefix, queries, keys));
    }

    private static Map<Integer, Part> norms(DecoderConfig config, String prefix, long queries, long keys) {
        boolean whole = config.style().wholeHeads();
        Map<Integer, Part> norms = new TreeMap<>();
        norm(norms, config, prefix, Norm.BEFORE_ATTENTION, 0, 1, config.hiddenSize());
        norm(norms, config, prefix, Norm.QUERIES, 2, -1, whole ? queries : config.headDim());
        norm(norms, config, prefix, Norm.KEYS, 3, -1, whole ? keys : config.headDim());
        norm(norms, config, prefix, Norm.AFTER_ATTENTION, 4, -1, config.hiddenSize());
        norm(norms, config, prefix, Norm.BEFORE_MLP, 5, 6, config.hiddenSize());
        norm(norms, config, prefix, Norm.AFTER_MLP, 7, -1, config.hiddenSize());
        return norms;
    }

    private static void norm(
            Map<Integer, Part> norms,
            DecoderConfig config,
            String prefix,
            Norm norm,
            int slot,
            int shiftSlot,
            long width) {
        Optional<String> name = config.tensorNames().norm(norm);
        name.ifPresent(n -> norms.put(slot, new Part(prefix + n + ".weight", 0, new long[] {width})));
        if (name.isPresent() && shiftSlot >= 0 && config.style().norm() == NormKind.LAYER) {
            norms.put(shiftSlot, new Part(prefix + name.get() + ".bias", 0, new long[] {width}));
        }
    }

    /** All of them, in an order of their own. */
    public Stream<Part> all() {
        return Stream.concat(
                Stream.concat(projections.stream(), biases.stream()).flatMap(List::stream), norms.values().stream());
    }

    /**
     * One projection of kernels.
     *
     * @param names its tensors; one where the file holds all parts in one
     * @param outputs rows of each part
     * @param inputs columns
     */
    private record Matrix(List<String> names, List<Long> outputs, long inputs, Layout layout, boolean biased) {
        List<Part> weights(String prefix, int heads) {
            return parts(prefix, ".weight", heads, true);
        }

        List<Part> biases(String prefix, int heads) {
            return biased ? parts(prefix, ".bias", heads, false) : List.of();
        }

        private List<Part> parts(String prefix, String kind, int heads, boolean matrix) {
            List<Long> rows = names.size() == outputs.size()
                    ? outputs
                    : List.of(outputs.stream().mapToLong(Long::longValue).sum());
            List<Part> parts = new ArrayList<>();
            long first = 0;
            for (int i = 0; i < names.size(); i++) {
                long[] shape = matrix ? matrixShape(rows.get(i)) : new long[] {rows.get(i)};
                Layout own = !matrix && layout == Layout.TRANSPOSED ? Layout.LINEAR : layout;
                parts.add(new Part(prefix + names.get(i) + kind, first, shape, own, heads));
                first += rows.get(i);
            }
            return parts;
        }

        private long[] matrixShape(long rows) {
            return layout == Layout.TRANSPOSED ? new long[] {inputs, rows} : new long[] {rows, inputs};
        }
    }
}
