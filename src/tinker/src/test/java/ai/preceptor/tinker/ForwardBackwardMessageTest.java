package ai.preceptor.tinker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against bytes of Tinker's SDK 0.25.0 and of SkyRL 0.4.0. */
class ForwardBackwardMessageTest {
    /** {@code forward_backward_request_to_proto} of the request below. */
    private static final String REQUEST = "Cgdtb2RlbF8xEAIaqAEKEAoOCgwBAAAABQAAACwBAAASHgoHd2VpZ2h0cxITCgwAAIA/AACAPwAA"
            + "gD8YASIBAxIfCghsb2dwcm9icxITCgwAAMC/AAAQwAAAAL8YASIBAxIhCgphZHZhbnRhZ2VzEhMKDAAAAAAAAAA/AAAAwBgBIgED"
            + "EjAKDXRhcmdldF90b2tlbnMSHwoYBQAAAAAAAAAsAQAAAAAAAB4AAAAAAAAAGAIiAQMiE2ltcG9ydGFuY2Vfc2FtcGxpbmc=";

    /** {@code serialize_result} of two sequences, with {@code elementwise_loss} and a metric. */
    private static final String OUTPUT =
            "CgZzY2FsYXISdhI2Cghsb2dwcm9icxIqCgwAAMC/AAAQwAAAAL8SGAAAAAAAAAAACAAAAAAAAAAMAAAA"
                    + "AAAAABgBEjoKEGVsZW1lbnR3aXNlX2xvc3MSJgoIAAAAPwAAAD8SGAAAAAAAAAAABAAAAAAAAAAIAAAAAAAAABgBGAIaEwoIbG9z"
                    + "czpzdW0RAAAAAAAA+D8=";

    @Test
    void request_isThatOfTheSdk() {
        Datum datum = Datum.of(new int[] {1, 5, 300}, new int[] {5, 300, 30})
                .training(new float[] {-1.5f, -2.25f, -0.5f}, new float[] {0, 0.5f, -2});

        byte[] bytes = ForwardBackwardMessage.request("model_1", 2, List.of(datum), true);

        assertThat(Base64.getEncoder().encodeToString(bytes)).isEqualTo(REQUEST);
    }

    @Test
    void request_forwardOnly_sendsTargetsAndWeightsAlone() throws IOException {
        Datum datum = Datum.of(new int[] {1, 5}, new int[] {5, 300});

        FakeRequest read = FakeRequest.read(ForwardBackwardMessage.request("m", 7, List.of(datum, datum), false));

        assertThat(read.forwardOnly()).isTrue();
        assertThat(read.loss()).isEqualTo("cross_entropy");
        assertThat(read.data()).hasSize(2).allSatisfy(sequence -> {
            assertThat(sequence.tokens()).containsExactly(1, 5);
            assertThat(sequence.inputs()).containsOnlyKeys("target_tokens", "weights");
            assertThat(sequence.targets()).containsExactly(5, 300);
            assertThat(sequence.input("weights")).containsExactly(1, 1);
        });
    }

    @Test
    void logprobs_ofSkyRl_areRead() throws IOException {
        List<float[]> read = ForwardBackwardMessage.logprobs(Base64.getDecoder().decode(OUTPUT));

        assertThat(read).hasSize(2);
        assertThat(read.get(0)).containsExactly(-1.5f, -2.25f);
        assertThat(read.get(1)).containsExactly(-0.5f);
    }

    @Test
    void logprobs_ofEveryCutReply_areRefusedOrNone() {
        byte[] whole = Base64.getDecoder().decode(OUTPUT);
        for (int length = 1; length < 120; length++) { // the record ends before it
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            try {
                assertThat(ForwardBackwardMessage.logprobs(cut)).isEmpty();
            } catch (IOException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-4, 2, 16, Long.MAX_VALUE})
    void logprobs_withOffsetsOutside_areRefused(long end) throws IOException {
        byte[] batched = message(out -> {
            out.writeByteArray(1, new byte[12]);
            out.writeByteArray(2, offsets(0, end));
            out.writeEnum(3, 1);
        });

        assertThatThrownBy(() -> ForwardBackwardMessage.logprobs(output("logprobs", batched)))
                .isInstanceOf(IOException.class)
                .hasMessage("offsets 0 and " + end + " of 12 bytes");
    }

    @Test
    void logprobs_ofAnotherType_orMissing_areRefused() throws IOException {
        byte[] doubles = message(out -> {
            out.writeByteArray(1, new byte[8]);
            out.writeByteArray(2, offsets(0, 8));
            out.writeEnum(3, 2);
        });

        assertThatThrownBy(() -> ForwardBackwardMessage.logprobs(output("logprobs", doubles)))
                .hasMessage("log-probabilities of type 2, expected 1 (float32)");
        assertThatThrownBy(() -> ForwardBackwardMessage.logprobs(output("other", doubles)))
                .hasMessage("a result without logprobs");
        assertThatThrownBy(() -> ForwardBackwardMessage.logprobs("{\"error\": 1}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IOException.class);
    }

    private static byte[] output(String field, byte[] batched) throws IOException {
        byte[] entry = message(out -> {
            out.writeString(1, field);
            out.writeByteArray(2, batched);
        });
        byte[] record = message(out -> out.writeByteArray(2, entry));
        return message(out -> out.writeByteArray(2, record));
    }

    private static byte[] offsets(long... values) throws IOException {
        return message(out -> {
            for (long value : values) {
                out.writeFixed64NoTag(value);
            }
        });
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }
}
