package ai.preceptor.tinker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.lm.batch.PackedBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class PackedSequencesTest {
    private static final int VOCABULARY = 50;

    private static PackedSequences of(PackedBatch batch) {
        return PackedSequences.of(batch, VOCABULARY);
    }

    @Test
    void of_completionsOfAPrompt_areSequencesOfTheirOwn() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1, 2, 3});
        builder.completion(new int[] {10, 11, 12}).completion(new int[] {20});
        builder.prompt(new int[] {4});
        builder.completion(new int[] {30, 31});

        PackedSequences sequences = of(builder.build());

        assertThat(sequences.data())
                .extracting(Datum::tokens)
                .containsExactly(new int[] {1, 2, 3, 10, 11}, new int[] {1, 2, 3}, new int[] {4, 30});
        assertThat(sequences.data())
                .extracting(Datum::targets)
                .containsExactly(new int[] {2, 3, 10, 11, 12}, new int[] {2, 3, 20}, new int[] {30, 31});
        assertThat(sequences.scored()).containsExactly(new int[] {2, 3, 4}, new int[] {2}, new int[] {0, 1});
    }

    @Test
    void of_someScoredTokens_andAScoredPrompt() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1, 2, 3});
        builder.scoredPrompt();
        builder.completion(new int[] {10, 11, 12, 13}, new boolean[] {false, true, true, false});

        PackedSequences sequences = of(builder.build());

        assertThat(sequences.data())
                .extracting(Datum::tokens)
                .containsExactly(new int[] {1, 2}, new int[] {1, 2, 3, 10, 11});
        assertThat(sequences.scored()).containsExactly(new int[] {0, 1}, new int[] {3, 4});
        assertThat(sequences.data().get(1).targets()).containsExactly(2, 3, 10, 11, 12);
    }

    @Test
    void gather_thenTraining_followTheBatchsOrder() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {1, 2});
        builder.completion(new int[] {10, 11}).completion(new int[] {20});
        PackedSequences sequences = of(builder.build());
        List<float[]> measured = List.of(new float[] {-9, -1, -2}, new float[] {-9, -3});

        assertThat(sequences.gather(measured)).containsExactly(-1, -2, -3);
        List<Datum> trained = sequences.training(measured, new float[] {0.5f, 0, 0});
        assertThat(trained).hasSize(1); // nothing is learnt from the other
        assertThat(trained.get(0).advantages()).containsExactly(0, -0.5f, 0);
        assertThat(trained.get(0).logprobs()).containsExactly(-9, -1, -2);
    }

    @Test
    void of_whatAServiceWouldTakeInSilence_isRefused() {
        PackedBatch.Builder beyond = PackedBatch.builder();
        beyond.prompt(new int[] {1});
        beyond.completion(new int[] {VOCABULARY});
        PackedBatch.Builder rewarded = PackedBatch.builder();
        rewarded.prompt(new int[] {1});
        rewarded.answer(new int[] {2});

        assertThatThrownBy(() -> of(beyond.build()))
                .hasMessageContaining("token ids in [0, 50)")
                .hasMessageEndingWith("found 50");
        assertThatThrownBy(() -> of(rewarded.build())).hasMessageEndingWith("found -1");
    }
}
