package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TextStreamTest {
    private static final String TEXT =
            "A na\u00efve caf\u00e9, \u65e5\u672c\u8a9e and \ud83d\ude42\ud83d\ude80; done.\n";

    @Test
    void add_neverEndsInsideACharacter_andLosesNothing() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"))) {
            int[] ids = tokenizer.encode(TEXT, false);
            TextStream stream = new TextStream(tokens -> tokenizer.decode(tokens, true));
            List<String> pieces = new ArrayList<>();
            for (int id : ids) {
                pieces.add(stream.add(id));
            }
            assertThat(pieces).as("pieces").noneMatch(piece -> piece.contains("\uFFFD"));
            assertThat(pieces).as("held back").contains("");
            assertThat(String.join("", pieces) + stream.finish()).isEqualTo(TEXT);
        }
    }

    /** A decoder as SentencePiece's: it drops a space at the very beginning, and has no text for one of the ids. */
    @Test
    void add_afterATokenWithoutText_keepsTheSpaceOfTheNext() {
        String[] texts = {" Hi", "", " there"};
        TextStream stream = new TextStream(ids -> Arrays.stream(ids)
                .mapToObj(id -> texts[id])
                .collect(Collectors.joining())
                .replaceFirst("^ ", ""));
        assertThat(stream.add(0)).isEqualTo("Hi");
        assertThat(stream.add(1)).isEmpty();
        assertThat(stream.add(1)).isEmpty();
        assertThat(stream.add(2)).isEqualTo(" there");
        assertThat(stream.add(2)).isEqualTo(" there");
    }

    @Test
    void finish_givesWhatWasHeldBack() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"))) {
            int[] ids = tokenizer.encode("\ud83d\ude42", false);
            TextStream stream = new TextStream(tokens -> tokenizer.decode(tokens, true));
            for (int id : Arrays.copyOf(ids, ids.length - 1)) {
                assertThat(stream.add(id)).isEmpty();
            }
            assertThat(stream.finish()).contains("\uFFFD");
            assertThat(stream.finish()).isEmpty();
        }
    }

    /** Special tokens, bytes that are no characters, halves of characters, and others, in any order. */
    @Test
    void add_anyTokens_givesTheTextOfAll() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"))) {
            Function<int[], String> decode = ids -> tokenizer.decode(ids, true);
            int[] rare = IntStream.range(0, 512)
                    .filter(id ->
                            decode.apply(new int[] {id}).replace("\uFFFD", "").isEmpty())
                    .toArray();
            assertThat(rare).as("ids").hasSizeBetween(100, 200);
            Random random = new Random(4);
            for (int round = 0; round < 1000; round++) {
                int share = random.nextInt(101);
                int most = 1 + random.nextInt(rare.length);
                int[] ids = IntStream.range(0, random.nextInt(100))
                        .map(i -> random.nextInt(100) < share ? rare[random.nextInt(most)] : random.nextInt(512))
                        .toArray();
                assertThat(joined(decode, ids)).as("%s", Arrays.toString(ids)).isEqualTo(decode.apply(ids));
            }
        }
    }

    static Stream<Arguments> tokens() {
        return Stream.of(
                Arguments.of("no text", new int[] {256}),
                Arguments.of("no text, amid text", new int[] {'a', 256, 256, 256, 256, 256, 256, 256}),
                Arguments.of("no text, amid a character", new int[] {0xF0, 256, 256, 256, 0x9F, 256, 256, 256, 256}),
                Arguments.of("no characters", new int[] {0xA1}),
                Arguments.of("halves of characters", new int[] {0xF0, 0x9F, 0x99}),
                Arguments.of("the end of a character and half of the next", new int[] {257}),
                Arguments.of("no characters, then some", new int[] {0xA1, 0xA1, 0xE6, 0x97, 0xA5, 'a', 'b'}),
                Arguments.of("text", new int[] {'a', 'b', 'c'}));
    }

    /** By the number of tokens that are decoded, which is what a stream's time depends on. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("tokens")
    void add_manyTokens_decodesFewForEach(String name, int[] tokens) {
        int[] ids = IntStream.range(0, 3000).map(i -> tokens[i % tokens.length]).toArray();
        for (Function<int[], String> decode : List.<Function<int[], String>>of(
                all -> new String(bytes(all), StandardCharsets.UTF_8), TextStreamTest::judgedAsAWhole)) {
            AtomicInteger decoded = new AtomicInteger();
            String text = joined(
                    some -> {
                        decoded.addAndGet(some.length);
                        return decode.apply(some);
                    },
                    ids);
            assertThat(decoded).as("tokens decoded").hasValueLessThan(40 * ids.length);
            assertThat(text).isEqualTo(decode.apply(ids));
        }
    }

    private static String joined(Function<int[], String> decode, int[] ids) {
        TextStream stream = new TextStream(decode);
        return IntStream.of(ids).mapToObj(stream::add).collect(Collectors.joining()) + stream.finish();
    }

    /** Of tokens that are bytes; 256 has none, 257 several. */
    private static byte[] bytes(int[] ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id == 257) {
                bytes.writeBytes(new byte[] {(byte) 0x97, (byte) 0xA5, (byte) 0xE6});
            } else if (id < 256) {
                bytes.write(id);
            }
        }
        return bytes.toByteArray();
    }

    /** As the decoder of SentencePiece's bytes: if not all are characters, none is. */
    private static String judgedAsAWhole(int[] ids) {
        byte[] bytes = bytes(ids);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return "\uFFFD".repeat(bytes.length);
        }
    }
}
