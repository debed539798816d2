package ai.preceptor.train.reference;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.formats.weights.DType;
import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.formats.weights.SafetensorsWriter;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.reference.Reference.FrozenModel;
import ai.preceptor.train.rows.Packer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that keeps what {@link PrecomputedReference} computes, so that a resumed run, and the next method on the
 * same rows, read it instead of running the reference again.
 *
 * <p>A file is named by its content's key: the model (its weights, configuration, precision and kind of device) and the
 * rows as they are encoded and packed, so a change of tokenizer, chat template, data or their order is another file. The
 * size of a batch is not part of the key: it moves a log-probability by rounding only (about 1e-6 in float32).
 *
 * <p>A file holds float32 for every completion token (4 bytes each; 60,000 pairs of 300-token answers are 144 MB), not
 * sums, since losses differ in what they sum. It is a safetensors file: {@code logprobs} [targets] and {@code lengths}
 * [rows], with the key and a digest of the numbers in its metadata. It is written to a temporary name and renamed. A
 * file that is truncated,
 * altered, or another's under the same name is reported and recomputed; one that cannot be written costs only a warning.
 * Nothing is ever removed: delete files or the directory at will.
 */
public final class ReferenceCache {
    private static final Logger LOG = LoggerFactory.getLogger(ReferenceCache.class);

    /** Raised whenever a model's numbers or the file's layout change. */
    private static final String FORMAT = "preceptor reference 1";

    private static final String LOGPROBS = "logprobs";
    private static final String LENGTHS = "lengths";

    private final Path directory;

    /** @param directory where files are; made when the first is written */
    public ReferenceCache(Path directory) {
        this.directory = directory;
    }

    /**
     * The reference's log-probabilities of rows: read when they are there, else computed and kept.
     *
     * @param rows distinguished by identity: the same objects must be asked for later
     * @param packer how the run packs a row
     * @param batchSize rows that go through the model together where they are computed, {@code >= 1}
     * @param model the reference by content, such as {@link ai.preceptor.lm.LanguageModel#fingerprint}
     * @param frozen the reference, not run when the numbers are there
     */
    public <R> PrecomputedReference<R> reference(
            List<R> rows, Packer<R> packer, int batchSize, String model, FrozenModel frozen) {
        Sha256 digest = new Sha256().add(FORMAT + '\0' + model + '\0');
        long[] lengths = new long[rows.size()];
        for (int i = 0; i < lengths.length; i++) {
            PackedBatch.Builder alone = PackedBatch.builder();
            packer.pack(rows.get(i), alone);
            lengths[i] = update(digest, alone.build());
        }
        String key = digest.hex();
        Path file = directory.resolve("reference-" + key.substring(0, 32) + ".safetensors");
        List<float[]> kept = read(file, key, lengths);
        if (!kept.isEmpty()) {
            LOG.info("reference: log-probabilities of {} rows read from {}", rows.size(), file);
            return PrecomputedReference.of(rows, kept);
        }
        PrecomputedReference<R> computed = PrecomputedReference.compute(rows, packer, batchSize, frozen);
        write(file, key, lengths, rows.stream().map(computed::logprobs).toList());
        return computed;
    }

    /** How many targets the row has. */
    private static int update(Sha256 digest, PackedBatch row) {
        digest.add(row.tokens()).add(row.positions()).add(row.sources()).add(row.targets());
        return row.targets().length;
    }

    /** Empty when there is no file that can be used. */
    private static List<float[]> read(Path file, String key, long[] lengths) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            return rows(source, key, lengths);
        } catch (DataException unusable) {
            LOG.warn("reference: {}; it is recomputed and the file replaced", unusable.getMessage());
            return List.of();
        }
    }

    private static List<float[]> rows(SafetensorsFile source, String key, long[] lengths) {
        Map<String, String> metadata = source.metadata();
        if (!key.equals(metadata.get("key"))) {
            throw DataException.in(
                    source.path(),
                    "is not what its name says: expected key " + key + ", found "
                            + metadata.getOrDefault("key", "none"));
        }
        ByteBuffer counts = tensor(source, LENGTHS, DType.I64, lengths.length);
        long total = 0;
        for (int i = 0; i < lengths.length; i++) {
            if (counts.getLong(Long.BYTES * i) != lengths[i]) {
                throw DataException.in(
                        source.path(),
                        "row " + i + ": expected " + lengths[i] + " tokens, found " + counts.getLong(Long.BYTES * i));
            }
            total += lengths[i];
        }
        ByteBuffer values = tensor(source, LOGPROBS, DType.F32, total);
        String digest = hex(values.duplicate());
        if (!digest.equals(metadata.get("sha256"))) {
            throw DataException.in(source.path(), "its numbers have been altered: their digest is " + digest);
        }
        List<float[]> rows = new ArrayList<>();
        for (long length : lengths) {
            float[] row = new float[(int) length];
            values.asFloatBuffer().get(row);
            values.position(values.position() + Float.BYTES * row.length);
            rows.add(row);
        }
        return rows;
    }

    private static ByteBuffer tensor(SafetensorsFile source, String name, DType type, long elements) {
        TensorInfo info = source.info(name);
        if (info.dtype() != type || info.bytes() != elements * type.size()) {
            throw DataException.in(
                    source.path(),
                    "tensor \"" + name + "\": expected " + elements + " of " + type + ", found " + info.bytes()
                            + " bytes of " + info.dtype());
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) info.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        source.read(name, 0, bytes);
        return bytes.flip();
    }

    private static void write(Path file, String key, long[] lengths, List<float[]> rows) {
        long total = rows.stream().mapToLong(row -> row.length).sum();
        if (total > Integer.MAX_VALUE / Float.BYTES) {
            LOG.warn("reference: {} tokens are more than a file of the cache holds; they are not kept", total);
            return;
        }
        ByteBuffer values =
                ByteBuffer.allocate(Math.toIntExact(Float.BYTES * total)).order(ByteOrder.LITTLE_ENDIAN);
        rows.forEach(row -> {
            values.asFloatBuffer().put(row);
            values.position(values.position() + Float.BYTES * row.length);
        });
        values.flip();
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("key", key);
        metadata.put("sha256", hex(values.duplicate()));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            SafetensorsWriter.write(
                    file,
                    Map.of(
                            LOGPROBS, TensorData.bytes(DType.F32, new long[] {total}, () -> values),
                            LENGTHS, TensorData.longs(lengths, lengths.length)),
                    metadata);
            LOG.info("reference: log-probabilities of {} rows kept in {}", rows.size(), file);
        } catch (IOException | OutputException failure) {
            LOG.warn("reference: its log-probabilities are not kept: {}", failure.toString());
        }
    }

    private static String hex(ByteBuffer bytes) {
        return new Sha256().add(bytes).hex();
    }
}
