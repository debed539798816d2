package ai.preceptor.cli.command.workers;

import ai.preceptor.data.rows.RowBytes;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.rollout.actor.ChunkWork;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chunks and what is computed for them as bytes between processes. What is read equals what was written.
 *
 * @param input writes a chunk's rows
 * @param inputReader reads them
 * @param output writes a result
 * @param outputReader reads it
 */
public record ChunkBytes<I, O>(
        Function<I, byte[]> input,
        Function<byte[], I> inputReader,
        Function<O, byte[]> output,
        Function<byte[], O> outputReader) {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    /** The first byte of an answer: a result follows, or a row and why its numbers are not finite. */
    private static final byte DONE = 0;

    private static final byte NOT_FINITE = 1;

    /** Of rows, for each of which a row is computed, as JSON. */
    public static <R> ChunkBytes<List<R>, List<Map<String, @Nullable Object>>> rows(RowBytes<R> rows) {
        return new ChunkBytes<>(
                rows::write,
                rows::read,
                RowBytes::lines,
                bytes -> RowBytes.objects(bytes).stream()
                        .map(row -> MAPPER.convertValue(row, OBJECT))
                        .toList());
    }

    /**
     * A worker's side.
     *
     * @param closing closes what the function uses
     */
    public ChunkWork work(ChunkFunction<I, O> function, Runnable closing) {
        return new ChunkWork() {
            @Override
            public byte[] compute(long chunk, byte[] bytes) {
                try {
                    return done(output.apply(function.compute(chunk, inputReader.apply(bytes))));
                } catch (NotFiniteException e) {
                    return notFinite(e);
                }
            }

            @Override
            public void close() {
                closing.run();
            }
        };
    }

    private static byte[] done(byte[] result) {
        byte[] answer = new byte[result.length + 1];
        answer[0] = DONE;
        System.arraycopy(result, 0, answer, 1, result.length);
        return answer;
    }

    private static byte[] notFinite(NotFiniteException failure) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(NOT_FINITE);
            out.writeInt(failure.index());
            out.writeUTF(String.valueOf(failure.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The result in a worker's answer.
     *
     * @throws FailedRowException if there is none because of a row
     */
    O result(byte[] answer) {
        if (answer[0] == DONE) {
            return outputReader.apply(Arrays.copyOfRange(answer, 1, answer.length));
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer, 1, answer.length - 1))) {
            throw new FailedRowException(in.readInt(), in.readUTF());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
