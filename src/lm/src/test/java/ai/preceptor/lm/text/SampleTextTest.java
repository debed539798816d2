package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tokens are characters here. */
class SampleTextTest {
    @Test
    void add_stopStringOverSeveralTokens_endsTheTextBeforeIt() {
        SampleText text = text("END", "\n\n");
        StringBuilder given = new StringBuilder();
        String source = "an ENDIVE";
        int taken = 0;
        while (!text.add(source.charAt(taken++), true)) {
            given.append(text.take(false));
            assertThat(given.toString()).isEqualTo(source.substring(0, given.length()));
        }
        assertThat(taken).as("the token that completed it is the last").isEqualTo(6);
        assertThat(given + text.take(true)).isEqualTo("an ");
        assertThat(text.stop()).isEqualTo("END");
        assertThat(text.beforeStop()).isEqualTo("an ");
    }

    @Test
    void take_holdsBackWhatMayBecomeAStop_andGivesItWhenItDoesNot() {
        SampleText text = text("END");
        text.add('E', true);
        assertThat(text.take(false)).isEmpty();
        text.add('N', true);
        assertThat(text.take(false)).isEmpty();
        text.add('t', true);
        assertThat(text.take(false)).isEqualTo("ENt");
        text.add('E', true);
        assertThat(text.take(true)).as("the end lets go of it").isEqualTo("E");
        assertThat(text.take(true)).isEmpty();
    }

    @Test
    void add_beforeTheFewestTokens_looksForNothing() {
        SampleText text = text("ab");
        assertThat(text.add('a', false)).isFalse();
        assertThat(text.add('b', false)).isFalse();
        assertThat(text.add('a', true)).isFalse();
        assertThat(text.add('b', true)).isTrue();
        assertThat(text.beforeStop()).isEqualTo("ab");
    }

    private static SampleText text(String... stops) {
        return new SampleText(
                ids -> IntStream.of(ids)
                        .mapToObj(id -> String.valueOf((char) id))
                        .collect(Collectors.joining()),
                List.of(stops));
    }
}
