package ai.preceptor.cli.keys.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.config.Settings;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.testkit.Golden;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceKeysTest {
    private static List<String> words(String keys) {
        List<String> words =
                new ArrayList<>(List.of("model=" + Golden.dir("tiny-chat"), "data=" + Golden.file("pairs.jsonl")));
        words.addAll(List.of(keys.split(" ")));
        return words;
    }

    private static RankConfig rank(String keys) {
        return Settings.of(RankConfig.class).arguments(words(keys)).read();
    }

    @Test
    void rank_withAService() {
        RankConfig keys =
                rank("learner_url=http://127.0.0.1:8000 lora_r=8 lora_alpha=32 lora_target_modules=all-linear");

        assertThat(keys.service().isGiven()).isTrue();
        assertThat(keys.lora().rank()).isEqualTo(8);
    }

    @Test
    void rank_withoutOne_hasNone() {
        assertThat(rank("max_length=64").service().isGiven()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | lora_r: required with learner_url",
                "lora_r=8 lora_alpha=16 | lora_alpha: expected 32 with learner_url, whose service decides it, found 16.0",
                "lora_r=8 lora_target_modules=q_proj | lora_target_modules: expected none or all-linear",
                "lora_r=8 lora_dropout=0.1 | lora_dropout: expected 0",
                "lora_r=8 use_rslora=true | use_rslora: expected none",
                "lora_r=8 dtype=bfloat16 | dtype: expected none",
                "lora_r=8 gradient_checkpointing=true | gradient_checkpointing: expected none",
                "lora_r=8 learners=2 | learners: expected 1",
                "lora_r=8 online=true rule=brevity | online: expected none",
                "lora_r=8 ref_model=MODEL | ref_model: expected none",
                "lora_r=8 use_weighting=true | use_weighting: expected none",
                "lora_r=8 learner_timeout=0 | learner_timeout: expected a number in (0, 604800]",
                "lora_r=8 learner_api_key_env=NO_SUCH_VARIABLE_HERE | learner_api_key_env"
            })
    void rank_whatAServiceDoesNotDo_isRefused(String keys, String told) {
        String model = Golden.dir("tiny-chat").toString();
        String given = ("learner_url=http://127.0.0.1:8000 " + keys.replace("MODEL", model)).strip();
        assertThatThrownBy(() -> rank(given))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learner_url=127.0.0.1:8000 lora_r=8 | learner_url: expected http://",
                "learner_url=http://user:secret@host lora_r=8 | learner_url: expected http://",
                "learner_base_model=m | learner_base_model: expected nothing without learner_url, found m"
            })
    void rank_wrongAddress_isRefused(String keys, String told) {
        assertThatThrownBy(() -> rank(keys))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(told)
                .hasMessageNotContaining("secret");
    }

    @Test
    void sft_takesTheSameKeys() {
        SftConfig keys = Settings.of(SftConfig.class)
                .arguments(words("learner_url=http://127.0.0.1:8000 lora_r=8"))
                .read();

        assertThat(keys.service().isGiven()).isTrue();
    }
}
