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

    /** By {@code len(text.split())} and {@code " ".join(text.split())} of Python 3.12. */
    @Test
    void count_isThatOfEveryWhiteSpace() {
        String text = "\u3000one\u3000two\u2003three\u00a0four\u2028five\u0085six\u001cseven\u200beight\u202f";
        assertThat(Words.count(text)).isEqualTo(7);
        assertThat(Words.spaced(text)).isEqualTo("one two three four five six seven\u200beight");
        assertThat(Words.spaced("\u00a0\u3000")).isEmpty();
    }

    @Test
    void rougeL_byHand() {
        // "a b c d" and "a x c": a, c in common; p = 2/3, r = 2/4, f = 2 * (1/3) / (7/6) = 4/7
        assertThat(RougeL.fMeasure("a b c d", "a x c")).isCloseTo(4 / 7.0, within(1e-15));
        assertThat(RougeL.fMeasure("a b", "")).isZero();
    }
}
