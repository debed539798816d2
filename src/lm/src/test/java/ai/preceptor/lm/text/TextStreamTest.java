package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.Golden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

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
}
