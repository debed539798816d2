package ai.preceptor.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.generate.SamplingSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplingSettingsTest {
    @Test
    void minNewTokens_asManyAsMayBe_arrive() {
        assertThat(read("max_new_tokens=4", "min_new_tokens=4").minNewTokens()).isEqualTo(4);
    }

    @Test
    void minNewTokens_moreThanMayBe_isRefusedByName() {
        assertThat(catchThrowableOfType(
                        ConfigurationException.class, () -> read("max_new_tokens=4", "min_new_tokens=5")))
                .hasMessageContaining("min_new_tokens: expected at most max_new_tokens 4, found 5");
    }

    @Test
    void minNewTokens_maxRefused_onlyThatIsTold() {
        assertThat(catchThrowableOfType(
                        ConfigurationException.class, () -> read("max_new_tokens=0", "min_new_tokens=5")))
                .hasMessageContaining("max_new_tokens: expected")
                .hasMessageNotContaining("at most max_new_tokens");
    }

    private static SamplingSettings read(String... arguments) {
        return Settings.of(SamplingSettings.class).arguments(List.of(arguments)).read();
    }
}
