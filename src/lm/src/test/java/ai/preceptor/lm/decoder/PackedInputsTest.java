package ai.preceptor.lm.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Segment;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.lm.torch.KernelCalls;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Parameters;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.testkit.FloatArrays;
import ai.preceptor.testkit.Golden;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks of queries and their mask: attention by them is that of every query and each key that it sees. */
class PackedInputsTest {
    private static final int FLOAT32 = 6;
    private static final double SCALE = 0.25;
    private static Torch torch;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    /** Four heads of 16 numbers, two of keys; all layers have the window. */
    private static Decoder decoder(Scope owner, int window) {
        ObjectNode json =
                DecoderConfig.read(Golden.dir("models/mistral-sliding")).json();
        DecoderConfig config = DecoderConfig.parse(Path.of("test"), json.put("sliding_window", window));
        Parameters parameters = new Parameters(torch, owner, Precision.FLOAT32, Precision.FLOAT32, parts -> false);
        return new Decoder(config, parameters, owner, false);
    }

    @Test
    void masks_ofALongRow_areNoSquareOfItsLength() {
        int length = 4096;
        PackedBatch batch = WholeSequences.everyRow(new int[length]);
        try (Scope scope = torch.scope()) {
            PackedInputs inputs = PackedInputs.of(scope, decoder(scope, 300), batch, length);
            assertThat(inputs.mask().size() + inputs.windowMask().size()).isLessThan(25L * length);
        }
    }

    /** The second answer is not beside the prompt, which is a block and a part of one long. */
    private static PackedBatch batch() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[120]);
        builder.completion(new int[181]).completion(new int[90]);
        builder.prompt(new int[3]);
        return builder.completion(new int[2]).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 96, 130, 299, 1000})
    void attention_inBlocks_isThatOfEachQueryAlone(int window) {
        PackedBatch batch = batch();
        int n = batch.rows();
        try (Scope scope = torch.scope()) {
            Decoder decoder = decoder(scope, Math.max(1, window));
            PackedInputs inputs = PackedInputs.of(scope, decoder, batch, batch.longest());
            long[] segments = window == 0 ? inputs.segments() : inputs.windowSegments();
            NDArray mask = window == 0 ? inputs.mask() : inputs.windowMask();
            double[] q = normal(1, 4 * n * 16);
            double[] kv = normal(2, 4 * n * 16);
            double[] slopes = normal(3, 4 * n * 16);
            NDArray queries = scope.floats(floats(q), 2, 2 * n, 16);
            NDArray keys = scope.floats(floats(kv), 4, n, 16);
            NDArray[] found = KernelCalls.callMany(
                    torch.kernels(), scope, "attention_forward", queries, keys, segments, mask, SCALE, FLOAT32, true);
            FloatArrays.assertClose("mixed", found[0].toFloatArray(), mixed(batch, window, q, kv), 1e-5);
            NDArray[] kept = Arrays.copyOfRange(found, 1, found.length);
            NDArray[] none = {};
            for (NDArray[] probabilities : new NDArray[][] {none, kept}) {
                NDArray[] gradients = KernelCalls.callMany(
                        torch.kernels(),
                        scope,
                        "attention_backward",
                        scope.floats(floats(slopes), n, 64),
                        queries,
                        keys,
                        segments,
                        mask,
                        probabilities,
                        none,
                        SCALE);
                double[] dq = normal(4, q.length);
                double[] dkv = normal(5, kv.length);
                double up = dot(slopes, mixed(batch, window, moved(q, dq, 1e-5), moved(kv, dkv, 1e-5)));
                double down = dot(slopes, mixed(batch, window, moved(q, dq, -1e-5), moved(kv, dkv, -1e-5)));
                double slope = dot(dq, gradients[0].toFloatArray()) + dot(dkv, gradients[1].toFloatArray());
                assertThat(slope).isCloseTo((up - down) / 2e-5, within(2e-3));
            }
        }
    }

    /** In double precision, a query and a head at a time: {@code [rows, 4 heads of 16]}. */
    private static double[] mixed(PackedBatch batch, int window, double[] q, double[] kv) {
        int n = batch.rows();
        double[] mixed = new double[n * 64];
        for (Segment segment : batch.segments()) {
            int first = segment.start() - segment.prefixLength();
            for (int query = segment.start(); query < segment.end(); query++) {
                int from = window == 0 ? first : Math.max(first, query - window + 1);
                for (int head = 0; head < 4; head++) {
                    double sum = 0;
                    double[] own = new double[16];
                    for (int place = from; place <= query; place++) {
                        int key = place < segment.start() ? segment.prefixEnd() - (segment.start() - place) : place;
                        int at = (head / 2 * n + key) * 16;
                        double score = 0;
                        for (int i = 0; i < 16; i++) {
                            score += q[((head / 2 * n + query) * 2 + head % 2) * 16 + i] * kv[at + i];
                        }
                        double weight = Math.exp(SCALE * score);
                        sum += weight;
                        for (int i = 0; i < 16; i++) {
                            own[i] += weight * kv[2 * n * 16 + at + i];
                        }
                    }
                    for (int i = 0; i < 16; i++) {
                        mixed[query * 64 + head * 16 + i] = own[i] / sum;
                    }
                }
            }
        }
        return mixed;
    }

    /** Numbers that are floats. */
    private static double[] normal(long seed, int count) {
        Random random = new Random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static double[] moved(double[] from, double[] direction, double by) {
        double[] moved = new double[from.length];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = from[i] + by * direction[i];
        }
        return moved;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double dot(double[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
