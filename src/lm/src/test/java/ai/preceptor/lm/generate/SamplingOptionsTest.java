package ai.preceptor.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingOptionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 1 | 1 | 0 | 0 | max_new_tokens: received 0, must be at least 1",
                "1 | -0.1 | 1 | 0 | 0 | temperature: received -0.1, must be 0 or more",
                "1 | NaN | 1 | 0 | 0 | temperature: received NaN, must be 0 or more",
                "1 | 1 | 0 | 0 | 0 | top_p: received 0.0, must be above 0 and at most 1",
                "1 | 1 | 1.1 | 0 | 0 | top_p: received 1.1, must be above 0 and at most 1",
                "1 | 1 | 1 | -1 | 0 | top_k: received -1, must be 0 (off) or more",
                "1 | 1 | 1 | 0 | 1.5 | min_p: received 1.5, must be 0 to 1"
            })
    void new_outOfRange_isRefusedByName(int tokens, double t, double p, int k, double minP, String message) {
        assertThatThrownBy(() -> new SamplingOptions(tokens, t, p, k, minP, 0, new int[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void new_outOfRangeParts_areRefusedByName() {
        assertThatThrownBy(() -> new Penalties(0, 0, 0))
                .hasMessage("repetition_penalty: received 0.0, must be above 0 and finite");
        assertThatThrownBy(() -> new Penalties(1, Double.NaN, 0))
                .hasMessage("presence_penalty: received NaN, must be finite");
        assertThatThrownBy(() -> new TokenRules(Map.of(), Set.of()))
                .hasMessage("allowed_token_ids: received [], must be at least one token id");
        assertThatThrownBy(() -> new TokenRules(Map.of(-3, 1.0), null))
                .hasMessage("logit_bias: received -3, must be of token ids, 0 or more");
        assertThatThrownBy(() -> new Stops(Set.of(), List.of(""), 0))
                .hasMessage("stop: received \"\", must be texts that are not empty");
        assertThatThrownBy(() -> SamplingOptions.greedy(4).with(new Stops(Set.of(), List.of(), 5)))
                .hasMessage("min_new_tokens: received 5, must be at most max_new_tokens, 4");
    }

    @Test
    void stopIds_areTheRecordsOwn() {
        int[] ids = {1, 2};
        SamplingOptions options = new SamplingOptions(1, 1, 1, 0, 0, 0, ids);
        ids[0] = 9;
        assertThat(options.stops().ids()).containsExactlyInAnyOrder(1, 2);
        assertThat(options).isEqualTo(new SamplingOptions(1, 1, 1, 0, 0, 0, new int[] {1, 2}));
    }
}
