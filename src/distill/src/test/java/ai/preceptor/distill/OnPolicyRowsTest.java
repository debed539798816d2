package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.train.rows.EpochRows;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.OverLength;
import ai.preceptor.train.rows.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnPolicyRowsTest {
    private static final int ROWS = 400;

    private static OnPolicyRows rows(double lmbda, List<Long> seeds) {
        List<TokenRow> all = IntStream.range(0, ROWS)
                .mapToObj(i -> TokenRow.learnt(new int[] {i}, new int[] {1, 2}))
                .toList();
        TrainingRows<TokenRow> fitting = TrainingRows.measure(all, TokenRow::packInto, 0, OverLength.DROP);
        return new OnPolicyRows(
                new EpochRows<>(fitting, 2, 2, false, 1),
                (prompts, seed) -> {
                    seeds.add(seed);
                    return prompts.stream()
                            .map(prompt -> new int[] {7, prompt[0], 8})
                            .toList();
                },
                lmbda,
                5);
    }

    private static long own(OnPolicyRows rows) {
        long own = 0;
        for (int step = 0; step < rows.stepsPerEpoch(); step++) {
            for (MicroBatch<TokenRow> batch : rows.at(step).microBatches()) {
                List<TokenRow> written = batch.rows().stream()
                        .filter(row -> row.completion()[0] == 7)
                        .toList();
                assertThat(written.size())
                        .as("all or none of a micro-batch")
                        .isIn(0, batch.rows().size());
                written.forEach(row -> assertThat(row.completion()[1]).isEqualTo(row.prompt()[0]));
                own += written.size();
            }
        }
        return own;
    }

    @Test
    void lmbda_isTheShareOfMicroBatches() {
        List<Long> seeds = new ArrayList<>();
        assertThat(own(rows(0, seeds))).isZero();
        assertThat(seeds).isEmpty();
        assertThat(own(rows(1, seeds))).isEqualTo(ROWS);
        assertThat(seeds).doesNotHaveDuplicates().hasSize(ROWS / 2);
        assertThat(own(rows(0.5, new ArrayList<>())) / (double) ROWS).isBetween(0.4, 0.6);
    }

    @Test
    void at_isAFunctionOfTheStep() {
        OnPolicyRows first = rows(0.5, new ArrayList<>());
        OnPolicyRows later = rows(0.5, new ArrayList<>());
        first.at(0);
        for (int step : new int[] {1, 5}) {
            List<int[]> here = first.at(step).microBatches().get(0).rows().stream()
                    .map(TokenRow::completion)
                    .toList();
            List<int[]> there = later.at(step).microBatches().get(0).rows().stream()
                    .map(TokenRow::completion)
                    .toList();
            assertThat(here.get(0)).containsExactly(there.get(0));
        }
    }

    @Test
    void lmbdaOutOfRange_isRefused() {
        assertThatThrownBy(() -> rows(1.5, new ArrayList<>())).hasMessage("lmbda: 1.5, must be in [0, 1]");
    }
}
