package ai.preceptor.lm.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Collective} does. */
public abstract class CollectiveContract {
    /** How many learners there are; at least 1. */
    protected abstract int world();

    /** Has each learner work on a thread of its own; results by rank. */
    protected abstract <T> List<T> each(ThreadCollective.Work<T> work) throws Exception;

    @Test
    void rank_isTheLearnersPlace() throws Exception {
        assertThat(each(learners -> List.of(learners.rank(), learners.world())))
                .isEqualTo(ranks().stream().map(rank -> List.of(rank, world())).toList());
    }

    /** Rank r has r + 1 and 0.1: 1 + ... + n, and n tenths in the same order everywhere. */
    @Test
    void sumOfNumbers_isEqualOnAll() throws Exception {
        List<double[]> sums = each(learners -> {
            double[] values = {learners.rank() + 1, 0.1, -0.0};
            learners.sum(values);
            learners.sum(new double[0]);
            return values;
        });
        for (double[] sum : sums) {
            assertThat(sum[0]).isEqualTo(world() * (world() + 1) / 2.0);
            assertThat(sum).containsExactly(sums.get(0));
        }
        assertThat(sums.get(0)[1]).isEqualTo(world() * 0.1, within(1e-12));
    }

    @Test
    void sumOfTensors_isInPlaceAndEqualOnAll() throws Exception {
        List<float[][]> sums = each(learners -> {
            try (Torch torch = Torch.open("cpu", 1);
                    Scope scope = torch.scope()) {
                NDArray matrix = scope.floats(new float[] {learners.rank(), 1, 2, 3, 4, 5}, 2, 3);
                NDArray vector = scope.floats(new float[] {0.1f * (learners.rank() + 1)});
                long before = torch.liveTensors();
                learners.sum(new NDArray[] {matrix, vector});
                learners.sum(new NDArray[0]);
                assertThat(torch.liveTensors()).isEqualTo(before);
                return new float[][] {matrix.toFloatArray(), vector.toFloatArray()};
            }
        });
        int n = world();
        for (float[][] sum : sums) {
            assertThat(sum[0]).containsExactly(n * (n - 1) / 2f, n, 2f * n, 3f * n, 4f * n, 5f * n);
            assertThat(sum[1]).containsExactly(sums.get(0)[1]);
        }
    }

    @Test
    void broadcast_givesThatOfTheSource() throws Exception {
        int source = world() - 1;
        List<float[]> received = each(learners -> {
            try (Torch torch = Torch.open("cpu", 1);
                    Scope scope = torch.scope()) {
                NDArray numbers = scope.floats(new float[] {learners.rank(), 7});
                learners.broadcast(new NDArray[] {numbers}, source);
                return numbers.toFloatArray();
            }
        });
        assertThat(received).allSatisfy(numbers -> assertThat(numbers).containsExactly(source, 7f));
    }

    /** All byte values, of lengths that differ, and none at all. */
    @Test
    void gather_givesAllByRank() throws Exception {
        List<List<byte[]>> gathered = each(learners -> {
            byte[] mine = new byte[256 * learners.rank() + 3];
            for (int i = 0; i < mine.length; i++) {
                mine[i] = (byte) (i + 250 + learners.rank());
            }
            learners.barrier();
            List<byte[]> all = new ArrayList<>(learners.gather(mine));
            all.addAll(learners.gather(new byte[0]));
            all.addAll(learners.gather(("learner " + learners.rank()).getBytes(StandardCharsets.UTF_8)));
            return all;
        });
        for (List<byte[]> all : gathered) {
            assertThat(all).hasSize(3 * world());
            for (int rank : ranks()) {
                byte[] bytes = all.get(rank);
                assertThat(bytes).hasSize(256 * rank + 3);
                for (int i = 0; i < bytes.length; i++) {
                    assertThat(bytes[i]).isEqualTo((byte) (i + 250 + rank));
                }
                assertThat(all.get(world() + rank)).isEmpty();
                assertThat(new String(all.get(2 * world() + rank), StandardCharsets.UTF_8))
                        .isEqualTo("learner " + rank);
            }
        }
    }

    /** The last one leaves without a word. */
    @Test
    void sum_withoutOneThatLeft_saysSo() {
        if (world() == 1) {
            return;
        }
        assertThatThrownBy(() -> each(learners -> {
                    learners.barrier();
                    if (learners.rank() < world() - 1) {
                        learners.sum(new double[] {1});
                    }
                    return null;
                }))
                .isInstanceOf(LostLearnerException.class)
                .hasMessageContaining("lost another");
    }

    private List<Integer> ranks() {
        return IntStream.range(0, world()).boxed().toList();
    }
}
