package ai.preceptor.distill.cache;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.distill.DistributionSource;
import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.TopTokenPasses;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A teacher's most probable tokens at every loss token of some rows, in a file: the teacher runs once, and need not be
 * there
 * while the student trains.
 *
 * <p>The file: {@code PRECTOP2}, a line with the key of teacher and rows, k and the vocabulary; then for every token k ids (2
 * bytes each where the vocabulary has at most 65,536 tokens, else 4) and k + 1 float32 log-probabilities, the last that of all
 * other tokens together; at the end a CRC-32C (4 bytes) of all before it, compared when the file is opened. With k = 64 and 49,152 tokens that is 388 bytes a token, where the whole distribution has 196,608. It
 * is written to a temporary name and renamed, so a file that is there is whole.
 */
public final class TeacherCache implements DistributionSource, AutoCloseable {
    private static final String MAGIC = "PRECTOP2";
    private static final int SHORT_IDS = 1 << 16;
    private static final int BLOCK = 1 << 20;

    /** Rows that a teacher elsewhere is asked for together. */
    private static final int ASKED = 64;

    private final Path file;
    private final FileChannel channel;
    private final long start;
    private final int k;
    private final int idBytes;
    private final IdentityHashMap<TokenRow, Long> firstToken;
    private final LanguageModel device;
    private final TeacherDistributions.Tail tail;

    private TeacherCache(Path file, FileChannel channel, String header, Shape shape, List<TokenRow> rows, Use use) {
        this.file = file;
        this.channel = channel;
        this.start = header.length();
        this.k = shape.k();
        this.idBytes = shape.idBytes();
        this.device = use.student();
        this.tail = use.tail();
        this.firstToken = new IdentityHashMap<>();
        long token = 0;
        for (TokenRow row : rows) {
            firstToken.put(row, token);
            token += row.targets();
        }
    }

    /**
     * What is cached.
     *
     * @param key of teacher, rows and temperature, see {@link TeacherKey}
     * @param k tokens a distribution keeps, 1 or more
     * @param vocabulary how many there are
     */
    public record Shape(String key, int k, int vocabulary) {
        int idBytes() {
            return vocabulary <= SHORT_IDS ? 2 : 4;
        }

        int tokenBytes() {
            return k * idBytes() + (k + 1) * Float.BYTES;
        }

        String header() {
            return MAGIC + " " + key + " " + k + " " + vocabulary + "\n";
        }
    }

    /**
     * How the distributions are used.
     *
     * @param student on whose device they are wanted
     * @param tail what stands for the tokens that are not kept
     */
    public record Use(LanguageModel student, TeacherDistributions.Tail tail) {}

    /** Gives the most probable tokens at the targets of a batch. */
    @FunctionalInterface
    public interface Teacher {
        /** @param batch one row, packed */
        TopTokens topTokens(PackedBatch batch);
    }

    /** Whether the file is there and holds what {@code shape} asks for. */
    public static boolean holds(Path file, Shape shape) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        byte[] expected = shape.header().getBytes(StandardCharsets.US_ASCII);
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer found = ByteBuffer.allocate(expected.length);
            while (found.hasRemaining() && channel.read(found) >= 0) {}
            return Arrays.equals(found.array(), expected);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Runs the teacher over the rows and writes the file.
     *
     * @throws ai.preceptor.data.OutputException when it cannot be written; what was there is unchanged
     */
    public static void write(Path file, Shape shape, List<TokenRow> rows, Teacher teacher) {
        write(file, shape, out -> rows.forEach(row -> out.accept(teacher.topTokens(packed(row)))));
    }

    /** A row as a teacher runs over it. */
    public static PackedBatch packed(TokenRow row) {
        PackedBatch.Builder builder = PackedBatch.builder();
        row.packInto(builder);
        return builder.build();
    }

    /**
     * Has the teacher run elsewhere over the rows and writes the file, which is the same.
     *
     * @param temperature of the distributions
     * @throws ai.preceptor.data.OutputException when it cannot be written; what was there is unchanged
     */
    public static void write(Path file, Shape shape, List<TokenRow> rows, double temperature, TopTokenPasses passes) {
        write(file, shape, out -> passes.run(rows.iterator(), shape.k(), temperature, out));
    }

    /**
     * Asks a teacher elsewhere for the rows and writes the file. A row without an answer has no numbers in it, see {@link
     * #holds(TokenRow)}.
     *
     * @throws ai.preceptor.data.OutputException when it cannot be written; what was there is unchanged
     */
    public static void write(Path file, Shape shape, List<TokenRow> rows, TopTokenTeacher teacher) {
        write(
                file,
                shape,
                out -> IntStream.iterate(0, from -> from < rows.size(), from -> from + ASKED)
                        .mapToObj(from -> rows.subList(from, Math.min(rows.size(), from + ASKED)))
                        .forEachOrdered(
                                some -> answered(some, shape.k(), teacher).forEachOrdered(out)));
    }

    private static Stream<TopTokens> answered(List<TokenRow> rows, int k, TopTokenTeacher teacher) {
        List<@Nullable TopTokens> found = teacher.topTokens(rows, k);
        return IntStream.range(0, rows.size()).mapToObj(i -> {
            TopTokens own = found.get(i);
            return own == null ? nothing(rows.get(i).targets(), k) : own;
        });
    }

    private static TopTokens nothing(int targets, int k) {
        float[] logprobs = new float[targets * (k + 1)];
        Arrays.fill(logprobs, Float.NaN);
        return new TopTokens(k, new int[targets * k], logprobs);
    }

    private static void write(Path file, Shape shape, Consumer<Consumer<TopTokens>> rows) {
        AtomicFiles.write(file, out -> {
            CRC32C checksum = new CRC32C();
            DataOutputStream data = new DataOutputStream(new CheckedOutputStream(out, checksum));
            data.write(shape.header().getBytes(StandardCharsets.US_ASCII));
            try {
                rows.accept(top -> {
                    try {
                        data.write(bytes(top, shape));
                    } catch (IOException e) {
                        throw new RowFailure(e);
                    }
                });
            } catch (RowFailure e) {
                throw e.getCause();
            }
            data.writeInt((int) checksum.getValue());
        });
    }

    private static final class RowFailure extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        RowFailure(IOException cause) {
            super(cause);
        }
    }

    private static byte[] bytes(TopTokens top, Shape shape) {
        ByteBuffer bytes = ByteBuffer.allocate(top.rows() * shape.tokenBytes()).order(ByteOrder.LITTLE_ENDIAN);
        int k = shape.k();
        for (int row = 0; row < top.rows(); row++) {
            for (int j = 0; j < k; j++) {
                int id = top.ids()[row * k + j];
                if (shape.idBytes() == 2) {
                    bytes.putShort((short) id);
                } else {
                    bytes.putInt(id);
                }
            }
            for (int j = 0; j <= k; j++) {
                bytes.putFloat(top.logprobs()[row * (k + 1) + j]);
            }
        }
        return bytes.array();
    }

    /**
     * Opens the file.
     *
     * @param rows the same objects, in the same order, that will be asked for
     * @throws DataException when it is not there, holds something else, or is truncated or altered
     */
    public static TeacherCache open(Path file, Shape shape, List<TokenRow> rows, Use use) {
        if (!holds(file, shape)) {
            throw new DataException(file + ": expected a teacher's cache \""
                    + shape.header().strip() + "\", found none or another; delete it to have it made anew");
        }
        long expected = shape.header().length()
                + shape.tokenBytes()
                        * rows.stream().mapToLong(TokenRow::targets).sum()
                + Integer.BYTES;
        try {
            long found = Files.size(file);
            if (found != expected) {
                throw new DataException(file + ": expected " + expected + " bytes, found " + found);
            }
            requireUnchanged(file, expected - Integer.BYTES);
            return new TeacherCache(file, FileChannel.open(file), shape.header(), shape, rows, use);
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void requireUnchanged(Path file, long content) throws IOException {
        CRC32C checksum = new CRC32C();
        try (DataInputStream in = new DataInputStream(new FileInputStream(file.toFile()))) {
            byte[] block = new byte[BLOCK];
            for (long left = content; left > 0; ) {
                int some = (int) Math.min(BLOCK, left);
                in.readFully(block, 0, some);
                checksum.update(block, 0, some);
                left -= some;
            }
            if (in.readInt() != (int) checksum.getValue()) {
                throw new DataException(
                        file + ": has been altered since it was written; delete it to have it made anew");
            }
        }
    }

    /** Whether there are distributions of a row: false where the teacher was asked and gave none. */
    public boolean holds(TokenRow row) {
        float[] logprobs = new float[k + 1];
        read(first(row), 1, new int[k], logprobs, 0);
        return !Float.isNaN(logprobs[0]);
    }

    private long first(TokenRow row) {
        Long first = firstToken.get(row);
        if (first == null) {
            throw new IllegalArgumentException("teacher's cache: a row that was not among those it was opened for");
        }
        return first;
    }

    @Override
    public TeacherDistributions of(List<TokenRow> rows, PackedBatch batch, Taps wanted) {
        if (wanted.states().length + wanted.attention().length > 0) {
            throw new IllegalArgumentException(
                    "teacher's cache: holds tokens only, no hidden states or attention of layers");
        }
        int targets = batch.targets().length;
        int[] ids = new int[targets * k];
        float[] logprobs = new float[targets * (k + 1)];
        int at = 0;
        for (TokenRow row : rows) {
            read(first(row), row.targets(), ids, logprobs, at);
            at += row.targets();
        }
        return TeacherDistributions.of(device, new TopTokens(k, ids, logprobs), tail);
    }

    private void read(long first, int count, int[] ids, float[] logprobs, int at) {
        int size = k * idBytes + (k + 1) * Float.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
        try {
            long position = start + first * size;
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, position + bytes.position()) < 0) {
                    throw new DataException(file + ": ends at " + (position + bytes.position()) + " bytes");
                }
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
        bytes.flip();
        for (int row = at; row < at + count; row++) {
            for (int j = 0; j < k; j++) {
                ids[row * k + j] = idBytes == 2 ? Short.toUnsignedInt(bytes.getShort()) : bytes.getInt();
            }
            for (int j = 0; j <= k; j++) {
                logprobs[row * (k + 1) + j] = bytes.getFloat();
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
