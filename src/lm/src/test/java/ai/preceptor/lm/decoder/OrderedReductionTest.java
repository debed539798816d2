package ai.preceptor.lm.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OrderedReductionTest {
    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu", 3);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    @Test
    void take_ofLaterShards_waitsForTheSameStepOfTheShardBefore() {
        OrderedReduction turns = new OrderedReduction(torch.kernels().tensors(), 3);
        List<String> order = new CopyOnWriteArrayList<>();
        torch.shards().run(3, shard -> {
            for (int step = 0; step < 20; step++) {
                int own = step;
                turns.take(shard, () -> order.add(own + "." + shard));
            }
        });
        assertThat(order).hasSize(60);
        for (int step = 0; step < 20; step++) {
            assertThat(order).containsSubsequence(step + ".0", step + ".1", step + ".2");
        }
    }

    @Test
    void add_ofTheFirstShard_writesInPlace_andOfOthersAddsWhatIsThere() {
        OrderedReduction turns = new OrderedReduction(torch.kernels().tensors(), 2);
        try (Scope scope = torch.scope()) {
            NDArray[] gradients = {scope.floats(new float[] {1, 2}), scope.zeros(0)};
            assertThat(turns.room(scope, 0, gradients)).isSameAs(gradients);
            NDArray[] room = turns.room(scope, 1, gradients);
            assertThat(room[0].getShape()).isEqualTo(gradients[0].getShape());
            assertThat(room[1].size()).isZero();
            NDArray[] written = {scope.floats(new float[] {10, 20}), room[1]};
            turns.add(0, new NDArray[][] {gradients}, new NDArray[][] {gradients});
            assertThat(gradients[0].toFloatArray()).containsExactly(1, 2);
            turns.add(1, new NDArray[][] {gradients}, new NDArray[][] {written});
            assertThat(gradients[0].toFloatArray()).containsExactly(11, 22);
        }
    }

    @Test
    void abandon_wakesAShardThatWaits() {
        OrderedReduction turns = new OrderedReduction(torch.kernels().tensors(), 3);
        assertThatThrownBy(() -> torch.shards().run(3, shard -> {
                    if (shard == 0) {
                        turns.abandon(new IllegalStateException("failed"));
                        throw new IllegalArgumentException("shard 0 failed");
                    }
                    turns.take(shard, () -> {});
                }))
                .hasMessage("shard 0 failed");
        assertThatThrownBy(() -> turns.take(1, () -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another shard")
                .hasRootCauseMessage("failed");
    }
}
