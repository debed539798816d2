package ai.preceptor.tinker;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The messages of {@code forward_backward} in Protocol Buffers, by their numbers in Tinker's {@code tinker_public.proto} (SDK 0.25):
 *
 * <pre>
 *   ForwardBackwardRequest { string model_id = 1; int32 seq_id = 2; repeated Datum data = 3; string loss_fn = 4;
 *                            map&lt;string, double&gt; loss_fn_config = 5; bool forward_only = 6; }
 *   Datum { repeated Chunk model_input = 1; map&lt;string, Tensor&gt; loss_fn_inputs = 2; }
 *   Chunk { EncodedTextChunk encoded_text = 1; }   EncodedTextChunk { bytes tokens = 1; }     int32, little-endian
 *   Tensor { bytes dense = 1; DType dtype = 3; repeated int64 shape = 4; }                    FLOAT32 = 1, INT64 = 2
 *   ForwardBackwardOutput { string loss_fn_output_type = 1; repeated ArrayRecord loss_fn_outputs = 2; map metrics = 3; }
 *   ArrayRecord { string type_tag = 1; map&lt;string, BatchedTensor&gt; fields = 2; int64 num_datums = 3; }
 *   BatchedTensor { bytes data = 1; bytes offsets = 2; DType dtype = 3; repeated int64 trailing_shape = 4; }
 * </pre>
 *
 * Offsets are int64, one more than datums, in bytes.
 */
final class ForwardBackwardMessage {
    private static final int FLOAT32 = 1;
    private static final int INT64 = 2;
    private static final String LOGPROBS = "logprobs";

    private ForwardBackwardMessage() {}

    /**
     * A request: with {@code importance_sampling} where the sequences are to be trained, with {@code cross_entropy} and forward only
     * where they are not. All weights are 1.
     *
     * @param sequence number of the request of its model, 1 or more
     * @param training whether gradients are wanted
     */
    static byte[] request(String model, int sequence, List<Datum> data, boolean training) {
        return message(out -> {
            out.writeString(1, model);
            out.writeInt32(2, sequence);
            for (Datum datum : data) {
                out.writeByteArray(3, datum(datum));
            }
            out.writeString(4, training ? "importance_sampling" : "cross_entropy");
            if (!training) {
                out.writeBool(6, true);
            }
        });
    }

    private static byte[] datum(Datum datum) {
        byte[] text = message(out -> out.writeByteArray(1, ints(datum.tokens())));
        byte[] chunk = message(out -> out.writeByteArray(1, text));
        float[] ones = new float[datum.length()];
        Arrays.fill(ones, 1);
        return message(out -> {
            out.writeByteArray(1, chunk);
            out.writeByteArray(2, input("weights", tensor(floats(ones), FLOAT32, datum.length())));
            if (datum.advantages().length > 0) {
                out.writeByteArray(2, input(LOGPROBS, tensor(floats(datum.logprobs()), FLOAT32, datum.length())));
                out.writeByteArray(2, input("advantages", tensor(floats(datum.advantages()), FLOAT32, datum.length())));
            }
            out.writeByteArray(2, input("target_tokens", tensor(longs(datum.targets()), INT64, datum.length())));
        });
    }

    private static byte[] input(String name, byte[] tensor) {
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, tensor);
        });
    }

    private static byte[] tensor(byte[] dense, int type, int length) {
        byte[] shape = message(out -> out.writeInt64NoTag(length));
        return message(out -> {
            out.writeByteArray(1, dense);
            out.writeEnum(3, type);
            out.writeByteArray(4, shape);
        });
    }

    /** Writes fields. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) { // not in memory
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] ints(int[] values) {
        byte[] bytes = new byte[Integer.BYTES * values.length];
        little(bytes).asIntBuffer().put(values);
        return bytes;
    }

    private static byte[] longs(int[] values) {
        byte[] bytes = new byte[Long.BYTES * values.length];
        ByteBuffer buffer = little(bytes);
        for (int value : values) {
            buffer.putLong(value);
        }
        return bytes;
    }

    private static byte[] floats(float[] values) {
        byte[] bytes = new byte[Float.BYTES * values.length];
        little(bytes).asFloatBuffer().put(values);
        return bytes;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Log-probabilities of a reply.
     *
     * @return {@code [sequences][positions]}, as many as there are
     * @throws IOException if it is no such message, or lacks them
     */
    static List<float[]> logprobs(byte[] reply) throws IOException {
        List<float[]> all = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(reply);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (isMessage(tag, 2)) {
                all.addAll(record(in.readBytes()));
            } else {
                skip(in, tag);
            }
        }
        return all;
    }

    private static List<float[]> record(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        ByteString found = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (isMessage(tag, 2)) {
                CodedInputStream entry = in.readBytes().newCodedInput();
                String name = "";
                ByteString value = ByteString.EMPTY;
                for (int field = entry.readTag(); field != 0; field = entry.readTag()) {
                    if (isMessage(field, 1)) {
                        name = entry.readStringRequireUtf8();
                    } else if (isMessage(field, 2)) {
                        value = entry.readBytes();
                    } else {
                        skip(entry, field);
                    }
                }
                found = name.equals(LOGPROBS) ? value : found;
            } else {
                skip(in, tag);
            }
        }
        if (found == null) {
            throw new IOException("a result without " + LOGPROBS);
        }
        return batched(found);
    }

    private static List<float[]> batched(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        ByteBuffer data = ByteBuffer.allocate(0);
        ByteBuffer offsets = ByteBuffer.allocate(0);
        int type = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (isMessage(tag, 1)) {
                data = in.readBytes().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            } else if (isMessage(tag, 2)) {
                offsets = in.readBytes().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            } else if (WireFormat.getTagFieldNumber(tag) == 3
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                type = in.readEnum();
            } else {
                skip(in, tag);
            }
        }
        if (type != FLOAT32) {
            throw new IOException("log-probabilities of type " + type + ", expected " + FLOAT32 + " (float32)");
        }
        return slices(data, offsets);
    }

    private static List<float[]> slices(ByteBuffer data, ByteBuffer offsets) throws IOException {
        List<float[]> all = new ArrayList<>();
        int count = offsets.remaining() / Long.BYTES - 1;
        for (int i = 0; i < count; i++) {
            long from = offsets.getLong(Long.BYTES * i);
            long to = offsets.getLong(Long.BYTES * (i + 1));
            if (from < 0 || to < from || to > data.remaining() || (to - from) % Float.BYTES != 0) {
                throw new IOException("offsets " + from + " and " + to + " of " + data.remaining() + " bytes");
            }
            float[] values = new float[(int) (to - from) / Float.BYTES];
            data.slice((int) from, (int) (to - from))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            all.add(values);
        }
        return all;
    }

    private static boolean isMessage(int tag, int number) {
        return WireFormat.getTagFieldNumber(tag) == number
                && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("an end of a group that did not begin");
        }
    }
}
