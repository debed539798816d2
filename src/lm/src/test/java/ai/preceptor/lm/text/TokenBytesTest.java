package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import ai.preceptor.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenBytesTest {
    @TempDir
    Path directory;

    /** Whatever the tokens cut apart, their bytes are the text. */
    @Test
    void of_tokensOfAByteLevelVocabulary_areTheBytesOfTheText() {
        TokenBytes bytes = TokenBytes.load(Golden.dir("tiny-chat"));
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"))) {
            String text = " Thou art\n\tmore lovely \u2014 \u00e9\u4e2d \ud83e\udd99\u007f\u00ad<|im_end|>";
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            boolean torn = false;
            for (int id : tokenizer.encode(text, false)) {
                out.writeBytes(bytes.of(id));
                torn |= bytes.text(id).startsWith("bytes:\\x");
            }
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(text);
            assertThat(torn).as("some token is a part of a character").isTrue();
        }
    }

    @Test
    void of_otherVocabularies_readsSpacesAndSingleBytes() throws IOException {
        TokenBytes bytes = written("""
                {"decoder": {"type": "Sequence", "decoders": [{"type": "Replace"}, {"type": "ByteFallback"}]},
                 "model": {"type": "Unigram", "vocab": [["<unk>", 0], ["\u2581be", -1], ["<0xE2>", -2]]},
                 "added_tokens": [{"id": 3, "content": "<|end|>"}]}
                """);
        assertThat(bytes.text(1)).isEqualTo(" be");
        assertThat(bytes.of(2)).containsExactly(0xE2);
        assertThat(bytes.text(2)).isEqualTo("bytes:\\xe2");
        assertThat(bytes.text(3)).isEqualTo("<|end|>");
        assertThat(bytes.of(4)).isEmpty();
    }

    @Test
    void of_byteLevelDeeperInTheDecoder_isSeen() throws IOException {
        TokenBytes bytes = written("""
                {"decoder": {"type": "Sequence", "decoders": [{"type": "ByteLevel"}]},
                 "model": {"type": "BPE", "vocab": {"\u0120be": 0, "\u2581": 1}}}
                """);
        assertThat(bytes.text(0)).isEqualTo(" be");
        assertThat(bytes.text(1)).as("not of the alphabet of bytes").isEqualTo("\u2581");
    }

    @Test
    void load_noTokenizer_isRefused() {
        assertThatThrownBy(() -> TokenBytes.load(directory))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds no tokenizer.json");
    }

    private TokenBytes written(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), json);
        return TokenBytes.load(directory);
    }
}
