package ai.preceptor.distill.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.distill.TokenRow;
import ai.preceptor.distill.TopTokenTeacher;
import ai.preceptor.lm.ComparedTokens;
import ai.preceptor.lm.DistributionComparison;
import ai.preceptor.lm.DistributionPass;
import ai.preceptor.lm.DivergenceKind;
import ai.preceptor.lm.DivergenceTerm;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.TeacherDistributions;
import ai.preceptor.lm.TopTokens;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.decoder.Taps;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.testkit.Golden;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a teacher elsewhere answers, in a file. */
class TopTokenCacheTest {
    private static final int ROWS = 70;
    private static Torch torch;
    private static LanguageModel student;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        torch = Torch.open("cpu", 1);
        student = LanguageModel.load(torch, Golden.dir("tiny-chat"), LoadOptions.FROZEN);
    }

    @AfterAll
    static void close() {
        student.close();
        torch.close();
    }

    /** The student itself, which does not answer row 3, and counts the rows it is asked for together. */
    private record Elsewhere(String identity, List<TokenRow> all, List<Integer> asked) implements TopTokenTeacher {
        @Override
        public List<@Nullable TopTokens> topTokens(List<TokenRow> rows, int k) {
            asked.add(rows.size());
            List<@Nullable TopTokens> found = new ArrayList<>();
            for (TokenRow row : rows) {
                found.add(row == all.get(3) ? null : student.topTokens(packed(List.of(row)), k, 1));
            }
            return found;
        }
    }

    private static PackedBatch packed(List<TokenRow> rows) {
        PackedBatch.Builder builder = PackedBatch.builder();
        rows.forEach(row -> row.packInto(builder));
        return builder.build();
    }

    private static List<TokenRow> rows() {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> TokenRow.learnt(new int[] {3 + i}, new int[] {5 + i, 9, 10 + i % 3}))
                .toList();
    }

    @Test
    void rowsWithoutAnAnswer_areToldFromOthers_whichReadBack() {
        List<TokenRow> rows = rows();
        Elsewhere teacher = new Elsewhere("big at home", rows, new ArrayList<>());
        TeacherCache.Shape shape = new TeacherCache.Shape(TeacherKey.of(teacher, rows), 4, 512);
        Path file = directory.resolve("file");
        TeacherCache.write(file, shape, rows, teacher);
        assertThat(teacher.asked()).as("rows at a time").containsExactly(64, 6);
        TeacherCache.Use use = new TeacherCache.Use(student, TeacherDistributions.Tail.BUCKET);
        try (TeacherCache cache = TeacherCache.open(file, shape, rows, use)) {
            for (int i = 0; i < ROWS; i++) {
                assertThat(cache.holds(rows.get(i))).as("row %s", i).isEqualTo(i != 3);
            }
            assertThatThrownBy(() -> cache.holds(rows().get(0))).hasMessageContaining("was not among those");
            List<TokenRow> some = List.of(rows.get(69), rows.get(4));
            PackedBatch batch = packed(some);
            try (TeacherDistributions known = cache.of(some, batch, Taps.NONE);
                    DistributionPass pass = student.distributions(batch, false)) {
                ComparedTokens found = pass.compare(
                        known,
                        new DistributionComparison(List.of(new DivergenceTerm(DivergenceKind.FORWARD_KL, 0, 1)), 1, 8));
                for (float divergence : found.divergences().get(0)) {
                    assertThat(divergence).as("from itself").isCloseTo(0, within(1e-6f));
                }
                ComparedTokens.Mass mass = found.teachers().get(0).mass();
                assertThat(mass.student()).containsExactly(mass.teacher(), within(1e-5f));
                assertThat(mass.overlap()).containsOnly(1);
            }
        }
    }

    @Test
    void key_isOfTheTeacherAndTheRows() {
        List<TokenRow> rows = rows();
        String key = TeacherKey.of(new Elsewhere("a", rows, List.of()), rows);
        assertThat(TeacherKey.of(new Elsewhere("a", rows, List.of()), rows())).isEqualTo(key);
        assertThat(TeacherKey.of(new Elsewhere("b", rows, List.of()), rows)).isNotEqualTo(key);
        assertThat(TeacherKey.of(new Elsewhere("a", rows, List.of()), rows.subList(1, ROWS)))
                .isNotEqualTo(key);
    }
}
