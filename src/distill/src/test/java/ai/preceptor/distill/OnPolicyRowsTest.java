package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.lm.collective.ThreadCollective;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.train.learners.SharedRows;
import ai.preceptor.train.rows.EpochRows;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.OverLength;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.rows.TrainingRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OnPolicyRowsTest {
    private static final int ROWS = 400;

    private static OnPolicyRows rows(double lmbda, List<Long> seeds) {
        return rows(lmbda, 1, seeds);
    }

    private static OnPolicyRows rows(double lmbda, int generations, List<Long> seeds) {
        List<TokenRow> all = IntStream.range(0, ROWS)
                .mapToObj(i -> TokenRow.learnt(new int[] {i}, new int[] {1, 2}))
                .toList();
        TrainingRows<TokenRow> fitting = TrainingRows.measure(all, TokenRow::packInto, 0, OverLength.DROP);
        return new OnPolicyRows(
                new EpochRows<>(fitting, 2, 2, false, 1),
                (prompts, count, seed) -> {
                    seeds.add(seed);
                    return prompts.stream()
                            .map(prompt -> IntStream.range(0, count)
                                    .mapToObj(i -> new int[] {7, prompt[0], 8 + i})
                                    .toList())
                            .toList();
                },
                lmbda,
                generations,
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

    /** A micro-batch of two prompts becomes three, each with one answer to both prompts, from one draw. */
    @Test
    void numGenerations_areMicroBatchesOfTheSamePrompts() {
        List<Long> seeds = new ArrayList<>();
        List<MicroBatch<TokenRow>> batches = rows(1, 3, seeds).at(0).microBatches();
        assertThat(batches).hasSize(6);
        assertThat(seeds).hasSize(2);
        for (int i = 0; i < 6; i++) {
            List<TokenRow> found = batches.get(i).rows();
            int first = 2 * (i / 3);
            assertThat(found).hasSize(2);
            assertThat(found.get(0).prompt()).containsExactly(first);
            assertThat(found.get(1).completion()).containsExactly(7, first + 1, 8 + i % 3);
            assertThat(batches.get(i).positions()).containsExactly(first, first + 1);
        }
        assertThat(rows(0, 3, seeds).at(0).microBatches())
                .as("rows' own answers")
                .hasSize(2);
    }

    /** What teachers see keeps its prompts, and which teacher it is of. */
    @Test
    void ownAnswers_areSeenAfterTheTeachersPrompts() {
        TokenRow seen = TokenRow.learnt(new int[] {9, 9}, new int[] {1});
        TokenRow row = TokenRow.learnt(new int[] {3}, new int[] {1}).with(new TokenRow.View(1, List.of(seen, seen)));
        TokenRow own = row.answered(new int[] {4, 5});
        assertThat(own.prompt()).containsExactly(3);
        assertThat(own.view().teacher()).isEqualTo(1);
        assertThat(own.seenBy(1).prompt()).containsExactly(9, 9);
        assertThat(own.seenBy(1).completion()).containsExactly(4, 5);
    }

    /** An answer is as long as max_new_tokens and the student's context allow; both views have to hold it. */
    @Test
    void room_isWhatTheLongestAnswerLeaves_inEveryView() {
        TokenRow row = row(6, 12);
        room(10, 100, 20, List.of(22), false).require(row);
        refused(
                room(10, 100, 20, List.of(21), false),
                row,
                "prompt: expected at most 11 tokens as teacher 0 sees it,"
                        + " what max_length 100 or its context 21 leaves after an answer of the student's own of 10 tokens"
                        + " (max_new_tokens), found 12");
        refused(
                room(10, 21, 20, List.of(30), false),
                row,
                "at most 11 tokens as teacher 0 sees it, what max_length 21");
        refused(room(10, 15, 20, List.of(30), false), row, "at most 5 tokens as the student sees it");
        room(50, 100, 8, List.of(14), false).require(row); // two tokens, then the student's context is full
        refused(room(50, 100, 6, List.of(100), false), row, "at most 5 tokens as the student sees it");
        refused(room(10, 100, 20, List.of(30, 21), false), row, "teacher 1");
        room(10, 100, 20, List.of(30, 21), true).require(row); // a row of teacher 0 only
        refused(room(10, 100, 20, List.of(30), false), row.asking(new int[0]), "expected at least 1 token");
    }

    private static OnPolicyRows.Room room(
            int answer, int maxLength, int student, List<Integer> teachers, boolean selected) {
        return new OnPolicyRows.Room(answer, maxLength, student, teachers, selected);
    }

    private static TokenRow row(int prompt, int seen) {
        TokenRow theirs = TokenRow.learnt(new int[seen], new int[] {1});
        return TokenRow.learnt(new int[prompt], new int[] {1}).with(new TokenRow.View(0, List.of(theirs)));
    }

    private static void refused(OnPolicyRows.Room room, TokenRow row, String message) {
        assertThatThrownBy(() -> room.require(row))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining(message);
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

    /** Two learners have the micro-batches of one in turn, with its answers; each draws only its own. */
    @Test
    void of_twoLearners_divideTheStepsOfOne() throws Exception {
        OnPolicyRows whole = rows(0.5, new ArrayList<>());
        List<List<StepRows<TokenRow>>> divided = ThreadCollective.each(ThreadCollective.group(2), learners -> {
            RowSource<TokenRow> own = SharedRows.of(rows(0.5, new ArrayList<>()), learners);
            assertThat(own.identity()).containsEntry(SharedRows.WORLD, "2");
            return IntStream.range(0, 20).mapToObj(own::at).toList();
        });
        for (int step = 0; step < 20; step++) {
            List<MicroBatch<TokenRow>> expected = whole.at(step).microBatches();
            for (int i = 0; i < expected.size(); i++) {
                List<TokenRow> actual =
                        divided.get(i % 2).get(step).microBatches().get(i / 2).rows();
                assertThat(actual).hasSameSizeAs(expected.get(i).rows());
                for (int row = 0; row < actual.size(); row++) {
                    assertThat(actual.get(row).prompt())
                            .isEqualTo(expected.get(i).rows().get(row).prompt());
                    assertThat(actual.get(row).completion())
                            .isEqualTo(expected.get(i).rows().get(row).completion());
                }
            }
        }
    }
}
