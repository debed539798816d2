package ai.preceptor.run.learners;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What learner 0 tells the others while it samples, or a learner answers.
 *
 * @param kind of message
 * @param cursor of the sampler, where {@code body} are answers
 * @param stopping whether a stop was asked for by then
 * @param body a request, completions, answers, or the words of a failure
 */
@SuppressWarnings("ArrayRecordComponent") // passed on at once, never compared
record SamplingMessage(Kind kind, long cursor, boolean stopping, byte[] body) {
    enum Kind {
        GENERATE,
        DONE,
        FAILED
    }

    static SamplingMessage failed(RuntimeException failure) {
        String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return new SamplingMessage(Kind.FAILED, 0, false, words.getBytes(StandardCharsets.UTF_8));
    }

    String words() {
        return new String(body, StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(kind.name());
            out.writeLong(cursor);
            out.writeBoolean(stopping);
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static SamplingMessage of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new SamplingMessage(Kind.valueOf(in.readUTF()), in.readLong(), in.readBoolean(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
