package ai.preceptor.tinker;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Binary replies of a {@link FakeTinker}. */
final class FakeReplies {
    private FakeReplies() {}

    /** Members of an archive; a name that ends with a slash is a directory. */
    static byte[] tar(Map<String, byte[]> members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(member.getKey(), true);
                entry.setSize(member.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(member.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** A result in Protocol Buffers. */
    static byte[] output(List<float[]> measured) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            byte[] numbers = new byte
                    [Float.BYTES * measured.stream().mapToInt(one -> one.length).sum()];
            byte[] places = new byte[Long.BYTES * (measured.size() + 1)];
            ByteBuffer data = little(numbers);
            ByteBuffer offsets = little(places);
            offsets.putLong(0);
            for (float[] values : measured) {
                for (float value : values) {
                    data.putFloat(value);
                }
                offsets.putLong(data.position());
            }
            ByteString batched = message(out -> {
                out.writeByteArray(1, numbers);
                out.writeByteArray(2, places);
                out.writeEnum(3, 1);
            });
            ByteString field = message(out -> {
                out.writeString(1, "logprobs");
                out.writeBytes(2, batched);
            });
            ByteString record = message(out -> {
                out.writeBytes(2, field);
                out.writeInt64(3, measured.size());
            });
            message(out -> {
                        out.writeString(1, "scalar");
                        out.writeBytes(2, record);
                    })
                    .writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static ByteString message(Fields fields) throws IOException {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteString();
    }
}
