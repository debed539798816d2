package ai.preceptor.lm.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.Golden;
import org.junit.jupiter.api.Test;

class TokenEndsTest {
    private static final String TEXT = "Thou art\n\u00e9\u4e2d \ud83e\udd99 more";

    private final TokenEnds ends = new TokenEnds(TokenBytes.load(Golden.dir("tiny-chat")));

    @Test
    void of_tokensOfAText_cutItWhereTheyEnd() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"))) {
            int[] ids = tokenizer.encode(TEXT, false);

            int[] found = ends.of(ids, TEXT).orElseThrow();

            assertThat(found).hasSize(ids.length).isSorted();
            assertThat(found[ids.length - 1]).isEqualTo(TEXT.length());
            assertThat(found).as("never between the halves of a pair").doesNotContain(TEXT.indexOf('\udd99'));
        }
    }

    @Test
    void of_endToken_hasNoText() {
        try (Tokenizer tokenizer = Tokenizer.load(Golden.dir("tiny-chat"))) {
            int[] ids = tokenizer.encode("more<|im_end|>", false);

            int[] found = ends.of(ids, "more").orElseThrow();

            assertThat(found[ids.length - 1]).isEqualTo(4);
            assertThat(found[ids.length - 2]).isEqualTo(4);
        }
    }

    @Test
    void of_tokensThatSpellSomethingElse_isEmpty() {
        assertThat(ends.of(new int[] {1, 2}, "something else")).isEmpty();
    }
}
