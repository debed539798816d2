package ai.preceptor.data.setting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToldValueTest {
    @Test
    void of_valuesWithoutASecret_areShown() {
        assertThat(ToldValue.of("teacher_url", "http://127.0.0.1:8000/v1")).isEqualTo("http://127.0.0.1:8000/v1");
        assertThat(ToldValue.of("api_key_env", "JUDGE_KEY")).isEqualTo("JUDGE_KEY");
        assertThat(ToldValue.of("teacher_model", "org/model@main?")).isEqualTo("org/model@main?");
        assertThat(ToldValue.of("teacher_url", null)).isEqualTo("none");
        assertThat(ToldValue.of("api_key_env", null)).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://bob:hush@my_mirror:1", "http://h /?hush", "http://h/v1#hush", "hush@"})
    void of_anAddressThatMayHoldASecret_isNotShown(String address) {
        assertThat(ToldValue.of("distill_teacher_url", address)).isEqualTo(ToldValue.SECRET_ADDRESS);
        assertThat(ToldValue.of("rollout_url", List.of("http://h", address)))
                .isEqualTo("[http://h, " + ToldValue.SECRET_ADDRESS + "]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk-hush", "HUSH-1", "hush"})
    void of_aVariableThatMayBeTheSecret_isNotShown(String name) {
        assertThat(ToldValue.of("rollout_api_key_env", name))
                .startsWith("a name that is not repeated here")
                .doesNotContainIgnoringCase("hush");
    }
}
