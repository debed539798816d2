package ai.preceptor.lm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
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
                "0 | 1 | 1 | 0 | 0 | max_new_tokens: expected an integer in [1, inf), found 0",
                "1 | -0.1 | 1 | 0 | 0 | temperature: expected a number in [0, inf), found -0.1",
                "1 | NaN | 1 | 0 | 0 | temperature: expected a number in [0, inf), found NaN",
                "1 | 1 | 0 | 0 | 0 | top_p: expected a number in (0, 1], found 0.0",
                "1 | 1 | 1.1 | 0 | 0 | top_p: expected a number in (0, 1], found 1.1",
                "1 | 1 | 1 | -1 | 0 | top_k: expected an integer in [0, inf), found -1",
                "1 | 1 | 1 | 0 | 1.5 | min_p: expected a number in [0, 1], found 1.5"
            })
    void new_outOfRange_isRefusedByName(int tokens, double t, double p, int k, double minP, String message) {
        assertThatThrownBy(() -> TestSampling.of(tokens, t, p, k, minP, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    @Test
    void new_outOfRangeParts_areRefusedByName() {
        SamplingOptions plain = SamplingOptions.greedy(4);
        assertThatThrownBy(() -> TestSampling.penalized(plain, 0, 0, 2.5))
                .hasMessage("repetition_penalty: expected a number in (0, inf), found 0.0; "
                        + "frequency_penalty: expected a number in [-2, 2], found 2.5");
        assertThatThrownBy(() -> TestSampling.penalized(plain, 1, Double.NaN, 0))
                .hasMessage("presence_penalty: expected a number in [-2, 2], found NaN");
        assertThatThrownBy(() -> new TokenRules(Map.of(), Set.of()))
                .hasMessage("allowed_token_ids: received [], must be at least one token id");
        assertThatThrownBy(() -> new TokenRules(Map.of(-3, 1.0), null))
                .hasMessage("logit_bias: received -3, must be of token ids, 0 or more");
        assertThatThrownBy(() -> new Stops(Set.of(), List.of("")))
                .hasMessage("stop: received \"\", must be texts that are not empty");
        assertThatThrownBy(() -> TestSampling.withMinNewTokens(plain, 5))
                .hasMessage("min_new_tokens: expected at most max_new_tokens 4, found 5");
        assertThatThrownBy(() -> SamplingSettings.builder()
                        .maxNewTokens(0)
                        .minNewTokens(5)
                        .build())
                .hasMessage("max_new_tokens: expected an integer in [1, inf), found 0");
    }

    @Test
    void stopIds_areTheRecordsOwn() {
        int[] ids = {1, 2};
        SamplingOptions options = SamplingOptions.unfiltered(1, 0).with(Stops.atIds(ids));
        ids[0] = 9;
        assertThat(options.stops().ids()).containsExactlyInAnyOrder(1, 2);
        assertThat(options).isEqualTo(TestSampling.of(1, 1, 1, 0, 0, 0, 1, 2));
    }
}
