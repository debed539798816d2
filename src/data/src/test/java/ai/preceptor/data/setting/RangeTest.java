package ai.preceptor.data.setting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[0, 1]|0|true",
                "[0, 1]|1|true",
                "(0, 1)|0|false",
                "(0, 1)|1|false",
                "[0, 1)|0.999|true",
                "[1, inf)|1e300|true",
                "(-inf, 0]|0|true",
                "(-inf, 0]|0.1|false",
                "[0, 1]|NaN|false"
            })
    void contains_ends_followTheBrackets(String range, double value, boolean inside) {
        assertThat(Range.parse(range).contains(value)).isEqualTo(inside);
        assertThat(Range.parse(range)).hasToString(range);
    }

    @Test
    void words_unboundedEnds_areComparisons() {
        assertThat(Range.parse("[1, inf)").words()).isEqualTo(">= 1");
        assertThat(Range.parse("(0, inf)").words()).isEqualTo("> 0");
        assertThat(Range.parse("[0, 1000000000)").words()).isEqualTo(">= 0");
        assertThat(Range.parse("[0, 9223372036854775807)").words()).isEqualTo(">= 0");
        assertThat(Range.parse("(-inf, 2]").words()).isEqualTo("<= 2");
        assertThat(Range.parse("(-1000000000, 1000000000)").words()).isEmpty();
        assertThat(Range.parse("[0, 1)").words()).isEqualTo("in [0, 1)");
        assertThat(Range.EVERYTHING.words()).isEmpty();
    }
}
