package ai.preceptor.teacher.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void of_keepsEveryScript() {
        assertThat(Words.of("Größe, naïve Café-2!")).containsExactly("größe", "naïve", "café", "2");
        assertThat(Words.of("日本 go")).containsExactly("日", "本", "go");
        assertThat(Words.of("... !")).isEmpty();
    }

    @Test
    void rouge_keepsLatinLettersAndDigitsOnly() {
        assertThat(Words.rouge("x1 y2-z3 Größe")).containsExactly("x1", "y2", "z3", "gr", "e");
    }

    @Test
    void count_isThatOfWhiteSpace() {
        assertThat(Words.count("  one two\n\tthree ")).isEqualTo(3);
        assertThat(Words.count(" \n")).isZero();
    }

    @Test
    void rougeL_byHand() {
        // "a b c d" and "a x c": a, c in common; p = 2/3, r = 2/4, f = 2 * (1/3) / (7/6) = 4/7
        assertThat(RougeL.fMeasure("a b c d", "a x c")).isCloseTo(4 / 7.0, within(1e-15));
        assertThat(RougeL.fMeasure("a b", "")).isZero();
    }
}
