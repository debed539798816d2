package ai.preceptor.teacher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.preceptor.lm.batch.PackedBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundedPassesTest {
    private static final long SEED = 20261124;

    private final LetterModel model = new LetterModel();

    private List<Integer> rowsOfPasses() {
        return model.passes.stream().map(PackedBatch::rows).toList();
    }

    /** A prompt of 3 and answers of 2 take 3 + 1 rows, then 1 more each; the fourth answer would be the seventh row. */
    @Test
    void logprobs_fillsPassesUpToTheBound() {
        int[] prompt = {10, 11, 12};
        int[] answer = {13, 14};
        List<float[]> results = new BoundedPasses(model, 6)
                .logprobs(List.of(prompt, prompt, prompt, prompt), List.of(answer, answer, answer, answer));
        assertThat(rowsOfPasses()).containsExactly(6, 4);
        assertThat(results).hasSize(4).allSatisfy(own -> assertThat(own).containsExactly(-0.1f, -0.1f));
    }

    @Test
    void logprobs_ofAnAnswerLargerThanAPassGoesAlone() {
        int[] small = {5};
        int[] large = {1, 2, 3, 4, 5, 6, 7, 8};
        new BoundedPasses(model, 4).logprobs(List.of(small, small, small), List.of(small, large, small));
        assertThat(rowsOfPasses()).containsExactly(1, 8, 1);
    }

    @Test
    void logprobs_ofAnotherPromptDoesNotShare() {
        new BoundedPasses(model, 100)
                .logprobs(List.of(new int[] {1, 2}, new int[] {1, 3}), List.of(new int[] {4}, new int[] {4}));
        assertThat(rowsOfPasses()).containsExactly(4);
    }

    @Test
    void logprobs_ofNothingAsksNothing() {
        assertThat(new BoundedPasses(model, 1).logprobs(List.of(), List.of())).isEmpty();
        assertThat(model.passes).isEmpty();
    }

    /** Whatever the bound, the same numbers come back in the same places. */
    @Test
    void logprobs_doNotDependOnTheBound() {
        Random random = new Random(SEED);
        for (int round = 0; round < 100; round++) {
            List<int[]> prompts = new ArrayList<>();
            List<int[]> completions = new ArrayList<>();
            int[] prompt = {7};
            int count = 1 + random.nextInt(12);
            for (int i = 0; i < count; i++) {
                prompt = random.nextBoolean() ? prompt : ids(random);
                prompts.add(prompt);
                completions.add(ids(random));
            }
            int bound = 1 + random.nextInt(30);
            String where = "seed " + SEED + " round " + round + " bound " + bound;
            List<float[]> whole =
                    new BoundedPasses(new LetterModel(), Integer.MAX_VALUE).logprobs(prompts, completions);
            model.passes.clear();
            List<float[]> parts = new BoundedPasses(model, bound).logprobs(prompts, completions);
            assertThat(parts).as(where).usingRecursiveComparison().isEqualTo(whole);
            assertThat(model.passes)
                    .as(where)
                    .allMatch(pass -> pass.rows() <= bound || pass.spans().size() == 1);
        }
    }

    private static int[] ids(Random random) {
        return random.ints(1 + random.nextInt(9), 0, 50).toArray();
    }

    @Test
    void logprobs_ofAModelThatGivesTooFewIsRefused() {
        BoundedPasses passes = new BoundedPasses(batch -> new float[1], 10);
        assertThatIllegalStateException()
                .isThrownBy(() -> passes.logprobs(List.of(new int[] {1}), List.of(new int[] {2, 3})))
                .withMessage("model: 1 log-probabilities, must be one per target: 2");
    }

    @Test
    void logprobs_ofListsThatDoNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoundedPasses(model, 10).logprobs(List.of(), List.of(new int[] {2})))
                .withMessage("prompts: 0, must be one per completion: 1");
    }

    @Test
    void constructor_refusesAPassWithoutRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoundedPasses(model, 0))
                .withMessage("rows per pass: 0, must be at least 1");
    }
}
