package ai.preceptor.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.support.TokenSupports;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Log-probabilities, statistics and gradients over a part of the vocabulary, of every kind of head, in several tiles. */
class SupportTest {
    private static final double TEMPERATURE = 0.7;
    /** Of the first completion, 7 8 9; none in the first tile for the second token, one alone for the third. */
    private static final List<int[]> FIRST =
            Arrays.asList(new int[] {0, 7, 15, 16, 39}, new int[] {8, 30}, new int[] {9});
    /** Of the last, 14 15 16 17: the second token's first tile has none, the third's is the whole vocabulary. */
    private static final List<int[]> LAST =
            Arrays.asList(new int[] {3, 14, 17, 31, 32}, new int[] {15, 16, 35}, null, new int[] {17, 38, 39});

    private static Torch torch;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    private static @Nullable TokenSupports supports(List<int[]> ids) {
        TokenSupports.Builder builder = TokenSupports.builder();
        ids.forEach(builder::add);
        return builder.build();
    }

    /** {@link RandomModel#batch}, of whose completions the first and the last have supports. */
    private static PackedBatch batch() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3, 4, 5, 6});
        builder.completion(new int[] {7, 8, 9}, supports(FIRST)).completion(new int[] {10, 11});
        builder.prompt(new int[] {12, 13});
        return builder.completion(new int[] {14, 15, 16, 17}, supports(LAST)).build();
    }

    /** By target; null for the whole vocabulary. */
    private static List<int[]> kept() {
        List<int[]> kept = new java.util.ArrayList<>(FIRST);
        kept.add(null);
        kept.add(null);
        kept.addAll(LAST);
        return kept;
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void everyNumber_isOfTheKeptLogits(HeadKind kind) throws IOException {
        PackedBatch batch = batch();
        try (LanguageModel model = kind.model(torch, directory.resolve("model"))) {
            float[] logits = model.read(batch).logits();
            try (ForwardPass pass = model.forward(batch, EnumSet.allOf(TokenStatistic.class), TEMPERATURE)) {
                check(pass, logits, batch.targets());
                assertThat(model.logprobs(batch, TEMPERATURE)).containsExactly(pass.outputs(), within(1e-6f));
                assertThat(model.score(batch, TEMPERATURE).entropies())
                        .containsExactly(pass.statistics().of(TokenStatistic.ENTROPY), within(1e-6f));
            }
            if (kind == HeadKind.FROZEN) {
                assertThat(model.referenceLogprobs(batch, TEMPERATURE)[2]).isEqualTo(0); // of one id alone
            }
        }
    }

    private static void check(ForwardPass pass, float[] logits, int[] targets) {
        int vocabulary = logits.length / targets.length;
        for (int row = 0; row < targets.length; row++) {
            int first = row * vocabulary;
            int[] ids = kept().get(row);
            int[] kept = ids == null ? IntStream.range(0, vocabulary).toArray() : ids;
            double[] z = Arrays.stream(kept)
                    .mapToDouble(id -> logits[first + id] / TEMPERATURE)
                    .toArray();
            double lse = Math.log(Arrays.stream(z).map(Math::exp).sum());
            double entropy =
                    -Arrays.stream(z).map(x -> Math.exp(x - lse) * (x - lse)).sum();
            double squares = Arrays.stream(z).map(x -> Math.exp(2 * (x - lse))).sum();
            double top = Arrays.stream(z).max().orElseThrow();
            double target = logits[first + targets[row]] / TEMPERATURE;
            TokenStatistics found = pass.statistics();
            assertThat((double) pass.outputs()[row]).isCloseTo(target - lse, within(1e-5));
            assertThat((double) found.of(TokenStatistic.ENTROPY)[row]).isCloseTo(entropy, within(1e-5));
            assertThat((double) found.of(TokenStatistic.LOG_SUM_SQUARES)[row])
                    .isCloseTo(Math.log(squares), within(1e-5));
            double mean = IntStream.range(0, vocabulary)
                            .mapToDouble(id -> logits[first + id])
                            .sum()
                    / vocabulary
                    / TEMPERATURE;
            assertThat((double) found.of(TokenStatistic.MEAN_LOGIT)[row]).isCloseTo(mean, within(1e-5));
            assertThat(found.top1()[row]).isEqualTo(target == top ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, 0", "PLAIN, 1", "TIED, 0", "CAPPED, 0", "CAPPED, 1", "FROZEN, 0", "FROZEN, 1"})
    void backward_equalsCentralDifferences(HeadKind kind, float entropies) throws IOException {
        PackedBatch batch = batch();
        float[] gradient = HeadKind.normal(4, batch.targets().length);
        float[] byEntropy = HeadKind.normal(5, batch.targets().length);
        for (int i = 0; i < byEntropy.length; i++) {
            byEntropy[i] *= entropies;
        }
        try (LanguageModel model = kind.model(torch, directory.resolve("model"))) {
            try (ForwardPass pass = model.forward(batch, Set.of(TokenStatistic.ENTROPY), TEMPERATURE)) {
                pass.backward(gradient, entropies == 0 ? null : byEntropy);
            }
            BlockGradients.check(model.parameters(), () -> {
                TokenScores scores = model.score(batch, TEMPERATURE);
                return BlockGradients.dot(scores.logprobs(), gradient)
                        + BlockGradients.dot(scores.entropies(), byEntropy);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(HeadKind.class)
    void everyIdKept_isTheWholeVocabulary(HeadKind kind) throws IOException {
        PackedBatch plain = RandomModel.batch();
        try (LanguageModel model = kind.model(torch, directory.resolve("model"))) {
            int[] all = IntStream.range(0, model.config().vocabSize()).toArray();
            PackedBatch.Builder builder = PackedBatch.builder();
            builder.prompt(new int[] {3, 4, 5, 6});
            builder.completion(new int[] {7, 8, 9}, supports(List.of(all, all, all)))
                    .completion(new int[] {10, 11}, supports(List.of(all, all)));
            builder.prompt(new int[] {12, 13});
            PackedBatch kept = builder.completion(new int[] {14, 15, 16, 17}, supports(List.of(all, all, all, all)))
                    .build();
            assertThat(model.score(kept).logprobs())
                    .isEqualTo(model.score(plain).logprobs());
            assertThat(model.score(kept).entropies())
                    .isEqualTo(model.score(plain).entropies());
        }
    }

    @Test
    void completion_whoseSupportDoesNotFit_isRefused() throws IOException {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(new int[] {3});
        TokenSupports own = supports(List.of(new int[] {5, 40}));
        assertThatThrownBy(() -> builder.completion(new int[] {6}, own))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("support[0]");
        PackedBatch batch = builder.completion(new int[] {5}, own).build();
        try (LanguageModel model = HeadKind.PLAIN.model(torch, directory.resolve("model"))) {
            assertThatThrownBy(() -> model.logprobs(batch))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("support of target 0: id 40, must be below 40");
        }
    }
}
