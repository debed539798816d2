package ai.preceptor.lm.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.data.tool.ToolTurns;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PackedBatchTest {

    private static PackedBatch pair() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {10, 11, 12});
        return builder.completion(new int[] {20, 21, 22})
                .completion(new int[] {30, 31})
                .build();
    }

    @Test
    void completion_ofPair_feedsThePromptOnceAndNoLastToken() {
        PackedBatch batch = pair();
        assertThat(batch.tokens()).containsExactly(10, 11, 12, 20, 21, 30);
        assertThat(batch.segments())
                .containsExactly(new Segment(0, 0, 0, 3), new Segment(0, 3, 3, 5), new Segment(0, 3, 5, 6));
    }

    @Test
    void completion_ofPair_continuesPositionsAfterThePrompt() {
        assertThat(pair().positions()).containsExactly(0, 1, 2, 3, 4, 3);
    }

    @Test
    void completion_ofPair_predictsEachFirstTokenFromThePromptsLastRow() {
        PackedBatch batch = pair();
        assertThat(batch.targets()).containsExactly(20, 21, 22, 30, 31);
        assertThat(batch.sources()).containsExactly(2, 3, 4, 2, 5);
        assertThat(batch.spans()).containsExactly(new Span(0, 3), new Span(3, 5));
    }

    @Test
    void completion_ofOneToken_needsNoRowOfItsOwn() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {10, 11});
        PackedBatch batch = builder.completion(new int[] {20}).build();
        assertThat(batch.tokens()).containsExactly(10, 11);
        assertThat(batch.segments()).containsExactly(new Segment(0, 0, 0, 2));
        assertThat(batch.sources()).containsExactly(1);
        assertThat(batch.targets()).containsExactly(20);
    }

    @Test
    void answer_feedsItsLastTokenAndReadsOnlyThere() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {10, 11});
        PackedBatch batch =
                builder.answer(new int[] {20, 21}).answer(new int[] {30}).build();
        assertThat(batch.tokens()).containsExactly(10, 11, 20, 21, 30);
        assertThat(batch.positions()).containsExactly(0, 1, 2, 3, 2);
        assertThat(batch.sources()).containsExactly(3, 4);
        assertThat(batch.targets()).containsExactly(PackedBatch.NO_TARGET, PackedBatch.NO_TARGET);
        assertThat(batch.spans()).containsExactly(new Span(0, 1), new Span(1, 2));
    }

    @Test
    void prompt_equalToTheOneBefore_isNotAddedAgain() {
        PackedBatch.Builder builder = PackedBatch.builder();
        assertThat(builder.prompt(new int[] {10, 11})).isZero();
        builder.completion(new int[] {20, 21});
        assertThat(builder.prompt(new int[] {10, 11})).isZero();
        builder.completion(new int[] {30, 31});
        assertThat(builder.prompt(new int[] {10, 12})).isEqualTo(4);
        PackedBatch batch = builder.completion(new int[] {40}).build();
        assertThat(batch.tokens()).containsExactly(10, 11, 20, 30, 10, 12);
        assertThat(batch.sources()).containsExactly(1, 2, 1, 3, 5);
    }

    @Test
    void build_randomRows_everyTargetFollowsItsSourceInItsOwnSequence() {
        long seed = 20260101;
        Random random = new Random(seed);
        PackedBatch.Builder builder = PackedBatch.builder();
        int[][] prompts = new int[20][];
        int[][] completions = new int[20][];
        for (int i = 0; i < prompts.length; i++) {
            prompts[i] = ids(random);
            completions[i] = ids(random);
            builder.prompt(prompts[i]);
            builder.completion(completions[i]);
        }
        PackedBatch batch = builder.build();
        for (int i = 0; i < prompts.length; i++) {
            Span span = batch.spans().get(i);
            assertThat(Arrays.copyOfRange(batch.targets(), span.from(), span.to()))
                    .as("seed %d row %d", seed, i)
                    .containsExactly(completions[i]);
            for (int t = 0; t < span.length(); t++) {
                int source = batch.sources()[span.from() + t];
                int before = t == 0 ? prompts[i][prompts[i].length - 1] : completions[i][t - 1];
                assertThat(batch.tokens()[source]).isEqualTo(before);
                assertThat(batch.positions()[source]).isEqualTo(prompts[i].length + t - 1);
            }
        }
        int covered = batch.segments().stream().mapToInt(Segment::length).sum();
        assertThat(covered).isEqualTo(batch.rows());
    }

    @Test
    void builder_refusesEmptyPromptEmptyCompletionAndCompletionWithoutPrompt() {
        PackedBatch.Builder builder = PackedBatch.builder();
        assertThatThrownBy(() -> builder.completion(new int[] {1}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no prompt");
        assertThatThrownBy(() -> builder.prompt(new int[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prompt: 0 tokens");
        builder.prompt(new int[] {1});
        assertThatThrownBy(() -> builder.completion(new int[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("completion 0: 0 tokens");
    }

    private static int[] ids(Random random) {
        return random.ints(1 + random.nextInt(5), 0, 1000).toArray();
    }

    @Test
    void completion_withMarks_scoresSomeAndFeedsWhatTheyNeed() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1, 2});
        PackedBatch batch = builder.completion(
                        new int[] {3, 4, 5, 6, 7}, new boolean[] {true, false, false, true, false})
                .build();
        assertThat(batch.tokens()).containsExactly(1, 2, 3, 4, 5);
        assertThat(batch.targets()).containsExactly(3, 6);
        assertThat(batch.sources()).containsExactly(1, 4);
        assertThat(batch.spans()).containsExactly(new Span(0, 2));
    }

    /** Tokens of tools are fed and not scored; supports are those of sampled tokens. */
    @Test
    void completion_withTurnsOfTools_scoresWhatWasSampled() {
        TokenSupports support =
                TokenSupports.builder().add(new int[] {3, 9}).add(null).build();
        ToolTurns turns = new ToolTurns(List.of(new ToolTurns.Turn(1, new int[] {4, 5}, "", List.of())), 1, 0);
        Completion answer =
                new Completion("a", new int[] {3, 6}, new float[2], new float[2], FinishReason.STOP, support, turns);
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1, 2});
        PackedBatch batch = builder.completion(answer).build();
        assertThat(batch.tokens()).containsExactly(1, 2, 3, 4, 5);
        assertThat(batch.targets()).containsExactly(3, 6);
        assertThat(batch.sources()).containsExactly(1, 4);
        assertThat(batch.supports()).containsOnly(Map.entry(0, support));
    }

    @Test
    void completion_withoutAnyMark_isRefused() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1});
        assertThatThrownBy(() -> builder.completion(new int[] {3}, new boolean[] {false}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no of 1 marks");
    }
}
