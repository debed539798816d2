package ai.preceptor.data.setting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> KEYS = List.of(
            "model",
            "data",
            "beta",
            "output",
            "learning_rate",
            "lr_scheduler_type",
            "num_train_epochs",
            "max_steps",
            "batch_size",
            "gradient_accumulation_steps",
            "weight_decay",
            "max_length",
            "max_completion_length",
            "temperature",
            "top_k",
            "top_p",
            "seed",
            "lam");

    @ParameterizedTest
    @CsvSource({
        "lr, learning_rate",
        "LR, learning_rate",
        "wd, weight_decay",
        "bs, batch_size",
        "epochs, num_train_epochs",
        "num_epochs, num_train_epochs",
        "batch, batch_size",
        "batchsize, batch_size",
        "train_batch_size, batch_size",
        "learnin_rate, learning_rate",
        "lerning_rate, learning_rate",
        "tepmerature, temperature",
        "temp, temperature",
        "grad_accum, gradient_accumulation_steps",
        "maxlength, max_length",
        "dataset, data",
        "Beta, beta",
        "random_seed, seed"
    })
    void to_wordOfTheField_isTheKey(String word, String key) {
        assertThat(new Nearest(KEYS).to(word)).contains(key);
    }

    @Test
    void to_nothingInCommon_isEmpty() {
        assertThat(new Nearest(KEYS).to("zzz")).isEmpty();
        assertThat(new Nearest(KEYS).to("qx")).isEmpty();
        assertThat(new Nearest(List.of()).to("beta")).isEmpty();
    }

    @Test
    void several_equallyNear_areAllTold() {
        assertThat(new Nearest(KEYS).several("top_z")).containsExactly("top_k", "top_p");
        assertThat(new Nearest(KEYS).severalHint("top_z")).isEqualTo("; nearest known keys are top_k, top_p");
        assertThat(new Nearest(KEYS).severalHint("betta")).isEqualTo("; nearest known key is beta");
        assertThat(new Nearest(KEYS).severalHint("zzz")).isEmpty();
        assertThat(new Nearest(List.of("a1", "a2", "a3", "a4")).several("a")).hasSizeLessThanOrEqualTo(3);
    }
}
