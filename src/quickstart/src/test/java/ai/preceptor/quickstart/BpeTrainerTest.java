package ai.preceptor.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.lm.text.Tokenizer;
import ai.preceptor.quickstart.BpeTrainer.Bpe;
import ai.preceptor.quickstart.BpeTrainer.Pair;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {
    private static final List<String> SPECIALS = TokenizerFiles.SPECIALS;

    @Test
    void train_byHand_joinsTheMostFrequentPairFirst() {
        Bpe bpe = new BpeTrainer(SPECIALS.size() + 256 + 3, SPECIALS).train(List.of("aab aab aab ab"));
        assertThat(bpe.merges())
                .startsWith(new Pair("a", "b"), new Pair("a", "ab"))
                .hasSize(3);
        assertThat(bpe.ids()).hasSize(SPECIALS.size() + 256 + 3);
        assertThat(bpe.ids().get("ab")).isEqualTo(SPECIALS.size() + 256);
        assertThat(bpe.ids().get("<|im_end|>")).isEqualTo(2);
    }

    @Test
    void train_nothingLeftToJoin_endsEarly() {
        assertThat(new BpeTrainer(512, SPECIALS).train(List.of("ab")).merges()).containsExactly(new Pair("a", "b"));
    }

    @Test
    void trainer_noRoomForBytes_isRefused() {
        assertThatThrownBy(() -> new BpeTrainer(100, SPECIALS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100")
                .hasMessageContaining("259");
    }

    @Test
    void files_anyText_comesBackWhole(@TempDir Path directory) {
        Bpe bpe = new BpeTrainer(300, SPECIALS).train(List.of("the cat sat on the mat", "the dog"));
        new TokenizerFiles(bpe, 64).write(directory);
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            String text = " the cat's 12 mats,\n\u00e4\u20ac \ud83d\ude00 the";
            int[] ids = tokenizer.encode(text, false);
            assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
            assertThat(ids.length).isLessThan(text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
            assertThat(tokenizer.encode("<|im_start|>the<|im_end|>", false))
                    .startsWith(1)
                    .endsWith(2);
            assertThat(tokenizer.eosId()).isEqualTo(2);
        }
    }
}
