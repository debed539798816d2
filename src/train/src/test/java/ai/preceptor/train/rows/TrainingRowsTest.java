package ai.preceptor.train.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.lm.batch.PackedBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingRowsTest {

    /** A row is [prompt tokens, tokens of each answer ...]. */
    private static final Packer<List<Integer>> PACKER = (row, into) -> {
        into.prompt(new int[row.get(0)]);
        row.subList(1, row.size()).forEach(length -> into.completion(new int[length]));
    };

    /** 3 + 2 and 3 + 5 = 8; 2 + 1 = 3; 4 + 5 = 9 is one too long. */
    @Test
    void measure_longerRows_dropsAndCountsThem() {
        TrainingRows<List<Integer>> fit = TrainingRows.measure(
                List.of(List.of(4, 5), List.of(3, 2, 5), List.of(2, 1)), PACKER, 8, OverLength.DROP);
        assertThat(fit.rows()).containsExactly(List.of(3, 2, 5), List.of(2, 1));
        assertThat(fit.positions()).containsExactly(1, 2);
        assertThat(fit.dropped()).isEqualTo(1);
        assertThat(fit.longest()).isEqualTo(8);
    }

    /** An answer scored as a whole is fed to its last token; the length counts the same. */
    @Test
    void measure_answersOfARewardModel_countsTheLastToken() {
        Packer<Integer> answers = (row, into) -> {
            into.prompt(new int[3]);
            into.answer(new int[row]);
        };
        assertThat(TrainingRows.measure(List.of(4), answers, 0, OverLength.DROP).longest())
                .isEqualTo(7);
    }

    @Test
    void measure_refusing_namesRowAndLength() {
        assertThatThrownBy(
                        () -> TrainingRows.measure(List.of(List.of(2, 1), List.of(4, 5)), PACKER, 8, OverLength.REFUSE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 1 ")
                .hasMessageContaining("9 tokens")
                .hasMessageContaining("max_length 8");
    }

    @Test
    void measure_nothingLeft_isRefused() {
        assertThatThrownBy(() -> TrainingRows.measure(List.of(List.of(4, 5)), PACKER, 8, OverLength.DROP))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("all 1 are longer than max_length 8");
        assertThatThrownBy(() -> TrainingRows.measure(List.<List<Integer>>of(), PACKER, 8, OverLength.DROP))
                .isInstanceOf(DataException.class)
                .hasMessage("no rows to train on");
    }

    @Test
    void checksum_tellsOrderAndTokensApart() {
        long some = checksum(List.of(1, 2), List.of(3));
        assertThat(checksum(List.of(1, 2), List.of(3))).isEqualTo(some);
        assertThat(checksum(List.of(3), List.of(1, 2))).isNotEqualTo(some);
        assertThat(checksum(List.of(1, 2), List.of(4))).isNotEqualTo(some);
        assertThat(checksum(List.of(1), List.of(2, 3))).isNotEqualTo(some);
    }

    @SafeVarargs
    private static long checksum(List<Integer>... answers) {
        Packer<List<Integer>> packer = (row, into) -> {
            into.prompt(new int[] {9});
            into.completion(row.stream().mapToInt(Integer::intValue).toArray());
        };
        return TrainingRows.measure(List.of(answers), packer, 0, OverLength.DROP)
                .checksum();
    }

    @Test
    void longestSequence_withoutAnswers_isZero() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[3]);
        assertThat(TrainingRows.longestSequence(builder.build())).isZero();
    }
}
