package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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

    /** Texts of two letters, in which stops overlap themselves and each other, against a search of the whole text. */
    @Test
    void add_anyTextAndStops_endsAtTheFirstAndHoldsBackWhatMayBecomeOne() {
        Random random = new Random(5);
        int stopped = 0;
        for (int round = 0; round < 2000; round++) {
            List<String> stops = Stream.generate(() -> letters(random, 1 + random.nextInt(6)))
                    .limit(1 + random.nextInt(3))
                    .toList();
            List<String> pieces = Stream.generate(() -> letters(random, random.nextInt(4)))
                    .limit(12)
                    .toList();
            int fewest = random.nextInt(4);
            SampleText text = new SampleText(
                    ids -> IntStream.of(ids).mapToObj(pieces::get).collect(Collectors.joining()), stops);
            String all = "";
            int from = String.join("", pieces.subList(0, fewest)).length();
            String given = "";
            for (int i = 0; i < pieces.size() && text.stop() == null; i++) {
                all += pieces.get(i);
                boolean ends = text.add(i, i >= fewest);
                String searched = all.substring(Math.min(from, all.length()));
                int first = first(searched, stops);
                assertThat(ends).as("%s in %s", stops, searched).isEqualTo(first >= 0);
                if (ends) {
                    stopped++;
                    assertThat(text.beforeStop()).isEqualTo(all.substring(0, from + first));
                    assertThat(searched).startsWith(searched.substring(0, first) + text.stop());
                } else {
                    given += text.take(false);
                    assertThat(given).isEqualTo(all.substring(0, all.length() - heldBack(searched, stops)));
                }
            }
        }
        assertThat(stopped).isBetween(500, 1900);
    }

    private static String letters(Random random, int count) {
        return random.ints(count, 'a', 'c').mapToObj(Character::toString).collect(Collectors.joining());
    }

    private static int first(String text, List<String> stops) {
        return stops.stream()
                .mapToInt(text::indexOf)
                .filter(at -> at >= 0)
                .min()
                .orElse(-1);
    }

    private static int heldBack(String text, List<String> stops) {
        return IntStream.rangeClosed(0, text.length())
                .filter(from -> stops.stream().anyMatch(stop -> stop.startsWith(text.substring(from))))
                .map(from -> text.length() - from)
                .findFirst()
                .orElse(0);
    }

    /** As one request may have them, for each of its answers: compared in all places, they take minutes. */
    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void add_longStops_takesNoLongerThanTheText() {
        String[] stops = IntStream.range(0, 16)
                .mapToObj(i -> "a".repeat(4000 + i) + "b" + "a".repeat(4000))
                .toArray(String[]::new);
        SampleText text = text(stops);
        for (int i = 0; i < 6000; i++) {
            text.add(i % 2000 == 0 ? 'b' : 'a', true);
            text.take(false);
        }
        assertThat(text.take(true)).hasSize(1999);
    }

    private static SampleText text(String... stops) {
        return new SampleText(
                ids -> IntStream.of(ids)
                        .mapToObj(id -> String.valueOf((char) id))
                        .collect(Collectors.joining()),
                List.of(stops));
    }
}
