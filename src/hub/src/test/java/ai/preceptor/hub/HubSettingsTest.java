package ai.preceptor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
    private static HubSettings at(String endpoint) {
        return HubSettings.of(Map.of("HF_ENDPOINT", endpoint), Path.of("home"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://bob:hush@my_mirror:8080",
                "https://bob:hush@mirror",
                "https://bob:hush@mirror/a path",
                "bob:hush@mirror",
                "https://mirror/?token=hush",
                "https://mirror/#hush"
            })
    void of_anEndpointWithASecret_isRefusedUntold(String endpoint) {
        assertThatThrownBy(() -> at(endpoint))
                .isInstanceOf(ConfigurationException.class)
                .hasNoCause()
                .hasMessageStartingWith("HF_ENDPOINT: expected http(s)://host[:port][/path], found one with a user,")
                .hasMessageNotContaining("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "https://my_mirror", "ftp://mirror", "https://mirror/a path"})
    void of_anEndpointThatIsNone_isTold(String endpoint) {
        assertThatThrownBy(() -> at(endpoint))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("HF_ENDPOINT: expected http(s)://host[:port][/path], found \"" + endpoint + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://mirror:8080/hub", "https://mirror:8080/hub//"})
    void of_anEndpoint_isTakenWithoutSlashesAtTheEnd(String endpoint) {
        assertThat(at(endpoint).endpoint()).hasToString("https://mirror:8080/hub");
    }
}
