package ai.preceptor.formats.gguf.document;

import ai.preceptor.formats.gguf.GgufFile;
import ai.preceptor.formats.gguf.GgufMetadata;
import ai.preceptor.formats.gguf.GgufTensor;
import ai.preceptor.formats.gguf.GgufType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalDouble;

/**
 * Rotary positions. Llama 3's scaling is in a file as a tensor of divisors, one per frequency; its parameters are found
 * again by trying those of Llama 3.1 and 3.2 (high frequencies from 4, low to 1 rotations in 8192 positions).
 */
final class GgufRope {
    private static final String FACTORS = "rope_freqs.weight";
    private static final double LOW = 1;
    private static final double HIGH = 4;
    private static final int CONTEXT = 8192;

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final String prefix;
    private final long headDim;

    GgufRope(GgufFile file, String architecture, long headDim) {
        this.file = file;
        this.metadata = file.metadata();
        this.prefix = architecture + ".rope.";
        this.headDim = headDim;
    }

    /** What {@code config.json} holds under {@code rope_parameters}. */
    ObjectNode parameters() {
        ObjectNode rope = JsonNodeFactory.instance.objectNode();
        double theta = metadata.number(prefix + "freq_base").orElse(10_000);
        rope.put("rope_theta", theta);
        rope.put("rope_type", "default");
        long rotated = metadata.whole(prefix + "dimension_count").orElse(headDim);
        if (rotated != headDim) {
            rope.put("partial_rotary_factor", (double) rotated / headDim);
        }
        if (file.tensors().containsKey(FACTORS)) {
            putLlama3(rope, theta);
        } else {
            putScaling(rope);
        }
        return rope;
    }

    private void putScaling(ObjectNode rope) {
        OptionalDouble older = metadata.number(prefix + "scale_linear");
        String type = metadata.text(prefix + "scaling.type").orElse(older.isPresent() ? "linear" : "none");
        if (type.equals("none")) {
            return;
        }
        rope.put("rope_type", type);
        rope.put("factor", metadata.number(prefix + "scaling.factor").orElse(older.orElse(1)));
        metadata.whole(prefix + "scaling.original_context_length")
                .ifPresent(length -> rope.put("original_max_position_embeddings", length));
    }

    private void putLlama3(ObjectNode rope, double theta) {
        float[] factors = factors();
        double factor = 1;
        for (float each : factors) {
            factor = Math.max(factor, each);
        }
        for (int j = 0; j < factors.length; j++) {
            double expected = divisor(2 * Math.PI * Math.pow(theta, 2.0 * j / headDim), factor);
            if (factors.length * 2L != headDim || Math.abs(factors[j] - expected) > 1e-4 * expected) {
                throw metadata.broken(
                        prefix + "freq_base",
                        "the divisors of frequencies in " + FACTORS + " are not those of Llama 3.1 and 3.2: number " + j
                                + " of " + factors.length + " is " + factors[j] + ", expected " + expected
                                + "; put the model's config.json next to the file");
            }
        }
        rope.put("rope_type", "llama3");
        rope.put("factor", factor);
        rope.put("low_freq_factor", LOW);
        rope.put("high_freq_factor", HIGH);
        rope.put("original_max_position_embeddings", CONTEXT);
    }

    private static double divisor(double wavelength, double factor) {
        if (wavelength < CONTEXT / HIGH) {
            return 1;
        }
        if (wavelength > CONTEXT / LOW) {
            return factor;
        }
        double smooth = (CONTEXT / wavelength - LOW) / (HIGH - LOW);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    private float[] factors() {
        GgufTensor tensor = file.tensor(FACTORS);
        if (tensor.type() != GgufType.F32 || tensor.elements() > 1 << 16) {
            throw metadata.broken(
                    prefix + "freq_base",
                    FACTORS + ": expected F32 of one number per frequency, found " + tensor.type()
                            + tensor.dimensions());
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        file.read(tensor, 0, bytes);
        float[] factors = new float[bytes.capacity() / 4];
        bytes.flip().asFloatBuffer().get(factors);
        return factors;
    }
}
