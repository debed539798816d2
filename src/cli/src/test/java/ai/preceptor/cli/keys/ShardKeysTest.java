package ai.preceptor.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShardKeysTest {
    private static final List<Integer> ROWS = List.of(1, 2, 3, 4, 5, 6, 7);

    @Test
    void of_parts_haveNoRowInCommonAndLoseNone() {
        assertThat(new ShardKeys(3, 1).of(ROWS)).containsExactly(1, 4, 7);
        assertThat(new ShardKeys(3, 2).of(ROWS)).containsExactly(2, 5);
        assertThat(new ShardKeys(3, 3).of(ROWS)).containsExactly(3, 6);
        assertThat(ShardKeys.ALL.of(ROWS)).isEqualTo(ROWS);
        assertThat(new ShardKeys(9, 9).of(ROWS)).isEmpty();
    }

    @Test
    void construct_partThatThereIsNot_isRefused() {
        assertThatThrownBy(() -> new ShardKeys(3, 4))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("data_shard: expected at most data_shards, 3, found 4");
        assertThatThrownBy(() -> new ShardKeys(3, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("[1, inf)");
    }
}
