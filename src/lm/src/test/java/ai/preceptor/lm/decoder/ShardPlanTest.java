package ai.preceptor.lm.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShardPlanTest {

    @Test
    void of_oneShardOrFewRows_isTheWholeBatch() {
        PackedBatch batch = batch(new Random(1), 40, 2, 30);
        assertThat(ShardPlan.of(batch, 1, 4)).hasSize(1);
        assertThat(ShardPlan.of(batch, 1, 4).get(0).batch()).isSameAs(batch);
        PackedBatch small = batch(new Random(1), 4, 2, 30);
        assertThat(small.rows()).isLessThan(512);
        assertThat(ShardPlan.of(small, 4, 4)).hasSize(1);
    }

    @Test
    void of_randomBatches_hasEachTargetOnceWithAllThatItFollowsFrom() {
        long seed = 20261129;
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int answers = 1 + random.nextInt(5);
            PackedBatch batch = batch(random, 8 + random.nextInt(60), answers, 10 + random.nextInt(30));
            int threads = 1 + random.nextInt(8);
            int most = 1 + random.nextInt(threads);
            List<ShardPlan> parts = ShardPlan.of(batch, most, threads);
            String where = "seed " + seed + " round " + round;
            assertThat(threads % parts.size()).as(where).isZero();
            assertThat(parts).as(where).hasSizeLessThanOrEqualTo(most);
            boolean[] seen = new boolean[batch.targets().length];
            for (ShardPlan part : parts) {
                assertThat(part.batch().rows() * parts.size())
                        .as(where)
                        .isLessThanOrEqualTo((int) (1.1 * batch.rows()) + 1);
                for (int i = 0; i < part.targets().length; i++) {
                    int whole = part.targets()[i];
                    assertThat(seen[whole]).as(where).isFalse();
                    seen[whole] = true;
                    assertThat(part.batch().targets()[i]).as(where).isEqualTo(batch.targets()[whole]);
                    assertThat(history(part.batch(), part.batch().sources()[i]))
                            .as(where)
                            .isEqualTo(history(batch, batch.sources()[whole]));
                }
            }
            assertThat(seen).as(where).doesNotContain(false);
        }
    }

    @Test
    void of_oneGroupOfManyAnswers_repeatsItsPromptInEachPart() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(ids(new Random(1), 40));
        for (int i = 0; i < 8; i++) {
            builder.answer(ids(new Random(i), 100));
        }
        List<ShardPlan> parts = ShardPlan.of(builder.build(), 2, 2);
        assertThat(parts).hasSize(2);
        for (ShardPlan part : parts) {
            assertThat(part.batch().rows()).isEqualTo(40 + 4 * 100);
            assertThat(part.batch().segments().get(0)).isEqualTo(new Segment(0, 0, 0, 40));
            assertThat(part.batch().segments().get(1)).isEqualTo(new Segment(0, 40, 40, 140));
        }
    }

    /** Two sequences of which one is far longer: the other shard would wait. */
    @Test
    void of_sequencesThatCannotBeShared_isOne() {
        PackedBatch.Builder builder = PackedBatch.builder();
        builder.prompt(ids(new Random(1), 500));
        builder.completion(ids(new Random(2), 500));
        builder.prompt(ids(new Random(3), 30));
        builder.completion(ids(new Random(4), 30));
        assertThat(ShardPlan.of(builder.build(), 2, 2)).hasSize(1);
    }

    /** Tokens with their positions that a row sees, itself last. */
    private static List<List<Integer>> history(PackedBatch batch, int row) {
        Segment own = batch.segments().stream()
                .filter(s -> s.start() <= row && row < s.end())
                .findFirst()
                .orElseThrow();
        List<List<Integer>> seen = new ArrayList<>();
        for (int i = own.prefixStart(); i < own.prefixEnd(); i++) {
            seen.add(Arrays.asList(batch.tokens()[i], batch.positions()[i]));
        }
        for (int i = own.start(); i <= row; i++) {
            seen.add(Arrays.asList(batch.tokens()[i], batch.positions()[i]));
        }
        return seen;
    }

    private static PackedBatch batch(Random random, int prompts, int answers, int length) {
        PackedBatch.Builder builder = PackedBatch.builder();
        for (int i = 0; i < prompts; i++) {
            builder.prompt(ids(random, 1 + random.nextInt(length)));
            for (int a = 0; a < answers; a++) {
                builder.completion(ids(random, 1 + random.nextInt(length)));
            }
        }
        return builder.build();
    }

    private static int[] ids(Random random, int count) {
        return random.ints(count, 0, 1000).toArray();
    }
}
