package ai.preceptor.rollout.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.data.Text;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.rollout.message.Outcome;
import com.sun.management.ThreadMXBean;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireFormatTest {
    private static final Prompt PLAIN = new Prompt(Text.plain("Name a bird: \uD83E\uDD89"), Map.of("answer", "owl"));
    private static final Prompt CHAT = new Prompt(
            Text.chat(Message.system(""), new Message("user", "Zoë?", Map.of("name", "Ann"))),
            Map.of("tags", List.of("a", 1, 2.5), "deep", Map.of("x", true)));
    private static final Completion OWL =
            new Completion("an owl", new int[] {5, 0, 151_935}, new float[] {-0.5f, 0, -1e-9f}, FinishReason.STOP);
    private static final Completion COOLED = new Completion(
            "an owl", new int[] {5, 7}, new float[] {-0.5f, -2}, new float[] {-0.25f, -3}, FinishReason.STOP);
    private static final Completion FILTERED = new Completion(
            "an owl",
            new int[] {5, 7},
            new float[] {-0.5f, -2},
            new float[] {-0.25f, 0},
            FinishReason.STOP,
            TokenSupports.builder().add(new int[] {5, 151_935}).add(null).build());
    private static final Completion WITH_TOOLS = new Completion(
            "an owl",
            new int[] {5, 7, 9},
            new float[] {-0.5f, -2, -1},
            new float[] {-0.5f, -2, -1},
            FinishReason.STOP,
            null,
            new ToolTurns(
                    List.of(
                            new ToolTurns.Turn(1, new int[] {8, 9}, "<tool_call>", List.of("4", "error")),
                            new ToolTurns.Turn(2, new int[] {8}, "", List.of())),
                    3,
                    1));
    private static final Completion NONE = new Completion("", new int[0], new float[0], FinishReason.DEADLINE);

    private static EncodedPrompt encoded(long index, Prompt prompt) {
        return new EncodedPrompt(index, prompt, new int[] {1, 2, 300, 70_000});
    }

    static Stream<Object> messages() {
        return Stream.of(
                new ActorMessage.Generate(
                        List.of(encoded(0, PLAIN), encoded(1L << 33, CHAT)), 4, -123_456_789_012_345L),
                new ActorMessage.Refresh(7),
                new ActorMessage.ScoreAnswers(
                        3, List.of(Answer.of(PLAIN, ""), Answer.of(CHAT, "an owl"), Answer.of(PLAIN, OWL))),
                new ActorMessage.Join(1),
                new ActorMessage.Register(Map.of("model", "0a", "teacher", "1b"), true),
                new ActorMessage.Heartbeat(),
                new ActorMessage.Leave("the run is over", true),
                new ActorMessage.ListWeights(3),
                new ActorMessage.Fetch(3, "model.safetensors", 1L << 35),
                new ActorMessage.Compute(1L << 40, new byte[] {5, -6}),
                new Outcome.Done<>(new ActorMessage.Computed(3, new byte[] {7}), 12),
                new Outcome.Done<>(new ActorMessage.Job("seed: 1", 1000, 20_000), 0),
                new Outcome.Done<>(
                        new ActorMessage.Manifest(List.of(new ActorMessage.WeightsFile("a", 1L << 35, "ff"))), 0),
                new Outcome.Done<>(ActorMessage.Ready.READY, 12_345_678_901L),
                new Outcome.Done<>(List.of(), 0),
                new Outcome.Done<>(
                        List.of(
                                Score.of(-0.1),
                                Score.of(0.25)
                                        .withTokens(List.of(
                                                new Score.TokenScore(3, 0.5), new Score.TokenScore(70_000, 0.25))),
                                Score.of(3).with("Too long, but right."),
                                Score.unscored("timed out"),
                                Score.unscored("judge: down")
                                        .with(List.of(
                                                new Score.Part("rule:brevity", -3, 0.5),
                                                new Score.Part("judge", Double.NaN, 2)))),
                        1),
                new Outcome.Done<>(List.of(List.of(OWL, NONE), List.of(OWL, FILTERED, COOLED)), 1));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void decode_ofWhatWasEncoded_isTheSame(Object message) {
        assertThat(WireFormat.decode(WireFormat.encode(message))).isEqualTo(message);
    }

    /** Equality of answers does not see them. */
    @Test
    void decode_ofAnAnswer_keepsItsTokens() {
        ActorMessage.ScoreAnswers sent =
                new ActorMessage.ScoreAnswers(3, List.of(Answer.of(PLAIN, OWL), Answer.of(PLAIN, "")));
        ActorMessage.ScoreAnswers got = (ActorMessage.ScoreAnswers) WireFormat.decode(WireFormat.encode(sent));
        assertThat(got.answers().get(0).tokenIds()).containsExactly(OWL.tokenIds());
        assertThat(got.answers().get(1).tokenIds()).isNull();
    }

    /** A kind that no message above has would be untested. */
    @Test
    void messages_coverEveryKindButFailures() {
        Set<Integer> kinds = new HashSet<>();
        messages().forEach(message -> kinds.add((int) WireFormat.encode(message).getByte(2)));
        for (WireKind kind : WireKind.values()) {
            if (kind.isMessage() && kind != WireKind.FAILED) {
                assertThat(kinds).as("%s", kind).contains(kind.ordinal());
            }
        }
    }

    /** What no other process is asked has no form for the wire. */
    @Test
    void encode_aRequestToTheFeeder_isRefused() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> WireFormat.encode(new ActorMessage.Feed(0, 1)))
                .withMessage("message: Feed has no form for the wire");
    }

    @Test
    void failures_keepWhatIsActedOn() {
        assertThat(again(new TeacherException("gone", new IllegalStateException("inner")))
                        .isFinal())
                .isTrue();
        assertThat(again(new InterruptedRunException("no money")).cause()).isInstanceOf(InterruptedRunException.class);
        assertThat(again(new ScorerException("x")).cause())
                .isInstanceOf(ScorerException.class)
                .hasMessage("x");
        assertThat(again(new CancellationException()).cause()).isInstanceOf(CancellationException.class);
        assertThat(again(new OutOfMemoryError("heap")).cause())
                .isInstanceOf(TeacherException.class)
                .hasMessage("java.lang.OutOfMemoryError: heap");
        Failure twice = again(again(new IllegalStateException("torn")).cause());
        assertThat(twice.cause()).hasMessage("java.lang.IllegalStateException: torn");
        assertThat(twice.isFinal()).isFalse();
        assertThat(again(new IllegalStateException("x".repeat(9000))).reason()).hasSizeLessThan(4200);
    }

    private static Failure again(Throwable cause) {
        Object read = WireFormat.decode(WireFormat.encode(new Outcome.Failed<>(new Failure(FailureKind.THREW, cause))));
        assertThat(((Outcome.Failed<?>) read).failure().kind()).isEqualTo(FailureKind.THREW);
        return ((Outcome.Failed<?>) read).failure();
    }

    @Test
    void numbers_takeFewBytes() {
        assertThat(WireFormat.encode(new ActorMessage.Refresh(60)).length()).isEqualTo(4);
        int[] ids = new int[1000];
        Arrays.fill(ids, 40_000);
        Completion completion = new Completion("", ids, new float[1000], FinishReason.LENGTH);
        assertThat(WireFormat.encode(new Outcome.Done<>(List.of(List.of(completion)), 1))
                        .length())
                .isBetween(7000, 7030);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void decode_ofAnyPart_isRefused(Object message) {
        Buffer whole = WireFormat.encode(message);
        for (int length = 0; length < whole.length(); length++) {
            Buffer part = whole.getBuffer(0, length);
            assertThatExceptionOfType(WireException.class)
                    .as("the first %d of %d bytes", length, whole.length())
                    .isThrownBy(() -> WireFormat.decode(part));
        }
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> WireFormat.decode(whole.copy().appendByte((byte) 0)))
                .withMessageContaining("beyond the message's end");
    }

    @Test
    void decode_ofAnotherVersion_saysBoth() {
        Buffer bytes = WireFormat.encode(new ActorMessage.Heartbeat()).setByte(1, (byte) 9);
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> WireFormat.decode(bytes))
                .withMessage("message: at byte 2: a message of version 9, this program speaks " + WireFormat.VERSION);
    }

    /** A message, or an exception of ours, and never much more memory than the bytes; seeds 1 to 40. */
    @Test
    void decode_ofHostileBytes_neverCrashesAndNeverAllocatesMuch() {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<Object> seeds = messages().toList();
        int legal = 0;
        int refused = 0;
        // What the first use of a class allocates is not the message's.
        seeds.forEach(
                message -> mutations(WireFormat.encode(message), new Random(0)).forEach(WireFormatTest::isLegal));
        for (int seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            for (Object message : seeds) {
                for (Buffer hostile : mutations(WireFormat.encode(message), random)) {
                    long before = memory.getCurrentThreadAllocatedBytes();
                    if (isLegal(hostile)) {
                        legal++;
                    } else {
                        refused++;
                    }
                    assertThat(memory.getCurrentThreadAllocatedBytes() - before)
                            .as("seed %d, %s of %d bytes", seed, message, hostile.length())
                            .isLessThan(400_000 + 60L * hostile.length());
                }
            }
        }
        assertThat(refused).isGreaterThan(3000);
        assertThat(legal).as("mutations of texts and seeds are still messages").isGreaterThan(100);
    }

    private static boolean isLegal(Buffer bytes) {
        try {
            WireFormat.decode(bytes);
            return true;
        } catch (WireException e) {
            return false;
        }
    }

    private static List<Buffer> mutations(Buffer whole, Random random) {
        List<Buffer> mutations = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Buffer bytes = whole.copy();
            for (int flips = 0; flips <= i / 4; flips++) {
                int at = random.nextInt(bytes.length());
                bytes.setByte(at, (byte) (i % 2 == 0 ? random.nextInt(256) : bytes.getByte(at) ^ 0x80));
            }
            mutations.add(bytes);
        }
        // a count of two thousand million somewhere
        int at = Math.min(3, whole.length() - 1);
        mutations.add(whole.getBuffer(0, at)
                .appendBytes(new byte[] {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F})
                .appendBuffer(whole.getBuffer(at, whole.length())));
        byte[] noise = new byte[random.nextInt(64)];
        random.nextBytes(noise);
        mutations.add(whole.getBuffer(0, at).appendBytes(noise));
        return mutations;
    }

    @Test
    void decode_ofMoreThanTheLongest_isRefusedUnread() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> WireFormat.decode(Buffer.buffer(new byte[WireFormat.LONGEST + 1])))
                .withMessageContaining("at most " + WireFormat.LONGEST);
        int[] ids = new int[WireFormat.LONGEST / 4];
        Completion huge = new Completion("", ids, new float[ids.length], FinishReason.STOP);
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> WireFormat.encode(new Outcome.Done<>(List.of(List.of(huge)), 1)));
    }

    /** Each side checks it: a peer that does not cannot make the other one pass it on. */
    @Test
    void chunks_asLongAsTheyMayBe_fit_andLongerOnesAreRefusedOnBothSides() {
        byte[] longest = new byte[ActorMessage.LONGEST_CHUNK];
        assertThat(WireFormat.encode(new ActorMessage.Compute(Long.MIN_VALUE, longest))
                        .length())
                .isLessThanOrEqualTo(WireFormat.LONGEST);
        Buffer computed = WireFormat.encode(new Outcome.Done<>(new ActorMessage.Computed(1, longest), Long.MAX_VALUE));
        assertThat(WireFormat.decode(computed)).isInstanceOf(Outcome.Done.class);
        byte[] longer = new byte[ActorMessage.LONGEST_CHUNK + 1];
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new ActorMessage.Computed(3, longer))
                .withMessage("chunk 3: its result has " + longer.length + " bytes; at most " + longest.length
                        + " are sent to or from a worker: use fewer rows a chunk");
        Buffer lying = WireFormat.encode(new ActorMessage.Compute(3, new byte[0]));
        byte[] head = new WireWriter().number(longer.length).bytes().getBytes();
        Buffer message =
                lying.getBuffer(0, lying.length() - 1).appendBytes(head).appendBytes(longer);
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> WireFormat.decode(message))
                .withMessageContaining("chunk 3: its input has " + longer.length);
    }

    @Test
    void frames_carryMessages_andThoseThatLieEndTheStream() throws IOException {
        byte[] message = WireFormat.encode(new ActorMessage.Refresh(3)).getBytes();
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        new WireFrame(true, 7, message).write(new DataOutputStream(wire));
        int first = wire.size();
        new WireFrame(false, -1, new byte[0]).write(new DataOutputStream(wire));
        DataInputStream in = stream(wire.toByteArray());
        WireFrame frame = WireFrame.read(in);
        assertThat(frame.asks()).isTrue();
        assertThat(frame.number()).isEqualTo(7);
        assertThat(WireFormat.decode(Buffer.buffer(frame.message()))).isEqualTo(new ActorMessage.Refresh(3));
        assertThat(WireFrame.read(in)).satisfies(next -> {
            assertThat(next.asks()).isFalse();
            assertThat(next.number()).isEqualTo(-1);
            assertThat(next.message()).isEmpty();
        });
        for (int length = 0; length < first; length++) {
            byte[] part = Arrays.copyOf(wire.toByteArray(), length);
            assertThatExceptionOfType(EOFException.class).isThrownBy(() -> WireFrame.read(stream(part)));
        }
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, WireFormat.LONGEST + 1}) {
            Buffer lying = Buffer.buffer(wire.toByteArray()).setInt(0, length);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> WireFrame.read(stream(lying.getBytes())))
                    .withMessageContaining("says it has " + length + " bytes");
        }
        Buffer unknown = Buffer.buffer(wire.toByteArray()).setByte(Integer.BYTES, (byte) 4);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> WireFrame.read(stream(unknown.getBytes())))
                .withMessageContaining("of kind 4");
    }

    /** The longest legal message is announced and never comes. */
    @Test
    void frame_thatPromisesMuch_takesNoRoomForIt() {
        byte[] head = Buffer.buffer()
                .appendInt(WireFormat.LONGEST)
                .appendByte((byte) 1)
                .appendLong(1)
                .getBytes();
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> WireFrame.read(stream(head)));
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }

    private static DataInputStream stream(byte[] bytes) {
        return new DataInputStream(new ByteArrayInputStream(bytes));
    }
}
