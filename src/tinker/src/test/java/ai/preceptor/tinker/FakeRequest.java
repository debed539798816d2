package ai.preceptor.tinker;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@code forward_backward} request as a server reads it. */
record FakeRequest(String model, int sequence, List<Sequence> data, String loss, boolean forwardOnly) {
    /** One of its sequences. */
    record Sequence(int[] tokens, Map<String, double[]> inputs) {
        double[] input(String name) {
            return inputs.getOrDefault(name, new double[0]);
        }

        int[] targets() {
            double[] values = input("target_tokens");
            int[] ids = new int[values.length];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = (int) values[i];
            }
            return ids;
        }
    }

    static FakeRequest read(byte[] body) throws IOException {
        Map<Integer, List<Object>> fields = fields(ByteString.copyFrom(body));
        List<Sequence> data = new ArrayList<>();
        for (Object datum : fields.getOrDefault(3, List.of())) {
            data.add(sequence((ByteString) datum));
        }
        return new FakeRequest(
                text(fields.get(1).get(0)),
                ((Long) fields.get(2).get(0)).intValue(),
                data,
                text(fields.get(4).get(0)),
                fields.containsKey(6));
    }

    private static Sequence sequence(ByteString datum) throws IOException {
        Map<Integer, List<Object>> fields = fields(datum);
        ByteString chunk = (ByteString) fields.get(1).get(0);
        ByteString text = (ByteString) fields(chunk).get(1).get(0);
        ByteBuffer tokens = little((ByteString) fields(text).get(1).get(0));
        int[] ids = new int[tokens.remaining() / Integer.BYTES];
        tokens.asIntBuffer().get(ids);
        Map<String, double[]> inputs = new HashMap<>();
        for (Object input : fields.get(2)) {
            Map<Integer, List<Object>> entry = fields((ByteString) input);
            inputs.put(
                    text(entry.get(1).get(0)), tensor((ByteString) entry.get(2).get(0)));
        }
        return new Sequence(ids, inputs);
    }

    private static double[] tensor(ByteString bytes) throws IOException {
        Map<Integer, List<Object>> fields = fields(bytes);
        ByteBuffer dense = little((ByteString) fields.get(1).get(0));
        boolean isFloat = ((Long) fields.get(3).get(0)) == 1;
        double[] values = new double[dense.remaining() / (isFloat ? Float.BYTES : Long.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = isFloat ? dense.getFloat() : dense.getLong();
        }
        return values;
    }

    private static ByteBuffer little(ByteString bytes) {
        return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(Object bytes) {
        return ((ByteString) bytes).toStringUtf8();
    }

    /** Values by number: bytes, or longs. */
    private static Map<Integer, List<Object>> fields(ByteString message) throws IOException {
        Map<Integer, List<Object>> fields = new HashMap<>();
        CodedInputStream in = message.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            List<Object> values =
                    fields.computeIfAbsent(WireFormat.getTagFieldNumber(tag), number -> new ArrayList<>());
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> values.add(in.readBytes());
                case WireFormat.WIRETYPE_VARINT -> values.add(in.readInt64());
                default -> throw new IOException("tag " + tag);
            }
        }
        return fields;
    }
}
