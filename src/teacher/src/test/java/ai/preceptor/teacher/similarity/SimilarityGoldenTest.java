package ai.preceptor.teacher.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Against Python: rouge_score 0.1.2 ({@code RougeScorer(["rougeL"], use_stemmer=False)}) and datasketch 2.0.0 ({@code
 * MinHash(num_perm=128)}, {@code MinHashLSH(threshold=0.9)} and its choice of bands with weights (0.5, 0.5) and (0.1, 0.9)).
 */
class SimilarityGoldenTest {
    private static final JsonNode GOLDEN = golden();

    private static JsonNode golden() {
        try (InputStream in =
                Objects.requireNonNull(SimilarityGoldenTest.class.getResourceAsStream("similarity.json"))) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> strings(JsonNode list) {
        List<String> strings = new ArrayList<>();
        list.forEach(one -> strings.add(one.textValue()));
        return strings;
    }

    private static List<int[]> signatures() {
        MinHash hash = new MinHash(MinHash.PERMUTATIONS);
        List<int[]> signatures = new ArrayList<>();
        GOLDEN.get("sets").forEach(set -> signatures.add(hash.signature(strings(set))));
        return signatures;
    }

    @Test
    void rougeL_equalsRougeScore() {
        List<String> texts = strings(GOLDEN.get("texts"));
        assertThat(GOLDEN.get("rouge").size()).isGreaterThan(100);
        for (JsonNode row : GOLDEN.get("rouge")) {
            String reference = texts.get(row.get(0).intValue());
            String candidate = texts.get(row.get(1).intValue());
            double expected = row.get(4).doubleValue();
            assertThat(RougeL.fMeasure(reference, candidate))
                    .as("%s | %s", reference, candidate)
                    .isCloseTo(expected, within(1e-12));
            for (double threshold : new double[] {0.3, 0.7, 1}) {
                assertThat(RougeL.of(reference).reaches(threshold, RougeL.of(candidate)))
                        .as("%s | %s reaches %s", reference, candidate, threshold)
                        .isEqualTo(RougeL.fMeasure(reference, candidate) >= threshold);
            }
        }
    }

    @Test
    void signatures_equalDatasketch() {
        List<int[]> signatures = signatures();
        for (int i = 0; i < signatures.size(); i++) {
            long[] ours = java.util.Arrays.stream(signatures.get(i))
                    .mapToLong(Integer::toUnsignedLong)
                    .toArray();
            List<Long> expected = new ArrayList<>();
            GOLDEN.get("signatures").get(i).forEach(value -> expected.add(value.longValue()));
            assertThat(ours)
                    .as("set %d", i)
                    .containsExactly(expected.stream().mapToLong(x -> x).toArray());
        }
    }

    @Test
    void jaccard_equalsDatasketch() {
        List<int[]> signatures = signatures();
        for (JsonNode row : GOLDEN.get("jaccard")) {
            assertThat(MinHash.jaccard(
                            signatures.get(row.get(0).intValue()),
                            signatures.get(row.get(1).intValue())))
                    .isEqualTo(row.get(2).doubleValue());
        }
    }

    @Test
    void bands_equalDatasketch() {
        for (JsonNode row : GOLDEN.get("bands")) {
            assertThat(Bands.optimal(row.get(0).doubleValue(), row.get(1).intValue(), 0.5))
                    .as("%s", row)
                    .isEqualTo(new Bands(row.get(2).intValue(), row.get(3).intValue()));
        }
        for (JsonNode row : GOLDEN.get("bands_recall")) {
            assertThat(Bands.optimal(row.get(0).doubleValue(), row.get(1).intValue(), 0.9))
                    .as("%s", row)
                    .isEqualTo(new Bands(row.get(2).intValue(), row.get(3).intValue()));
        }
    }

    @Test
    void candidates_equalDatasketch() {
        MinHashIndex index = new MinHashIndex(Bands.optimal(0.9, MinHash.PERMUTATIONS, 0.5), MinHash.PERMUTATIONS);
        List<int[]> signatures = signatures();
        signatures.forEach(index::add);
        for (int i = 0; i < signatures.size(); i++) {
            List<Integer> expected = new ArrayList<>();
            GOLDEN.get("query").get(i).forEach(value -> expected.add(value.intValue()));
            assertThat(index.candidates(signatures.get(i))).as("set %d", i).containsExactlyElementsOf(expected);
        }
    }
}
