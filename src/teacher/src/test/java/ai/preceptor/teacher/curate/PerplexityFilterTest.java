package ai.preceptor.teacher.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.data.rows.SourceRow;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.teacher.curate.Perplexity.Passage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PerplexityFilterTest extends RowFilterContract {
    /** Letters as tokens; a prompt begins with 1, an answer ends with 2; '#' cannot be encoded. */
    private static final class Letters implements PromptEncoder {
        @Override
        public int[] prompt(Prompt prompt) {
            return IntStream.concat(IntStream.of(1), letters(prompt.text())).toArray();
        }

        @Override
        public int[] completion(Prompt prompt, Text completion) {
            return IntStream.concat(letters(completion), IntStream.of(2)).toArray();
        }

        private static IntStream letters(Text text) {
            if (text.asString().contains("#")) {
                throw new EncodingException("text: found #");
            }
            return text.asString().chars();
        }

        @Override
        public String decode(int[] ids, boolean skipSpecial) {
            throw new UnsupportedOperationException("not needed here");
        }
    }

    /** The log-probability of a token is minus its distance from the one before, in hundredths. */
    private static float[] model(PackedBatch batch) {
        float[] logprobs = new float[batch.targets().length];
        for (int i = 0; i < logprobs.length; i++) {
            logprobs[i] = -Math.abs(batch.targets()[i] - batch.tokens()[batch.sources()[i]]) / 100f;
        }
        return logprobs;
    }

    private static ModelPerplexity perplexity() {
        return new ModelPerplexity(PerplexityFilterTest::model, new Letters(), 8);
    }

    @Override
    protected RowFilter filter() {
        return new PerplexityFilter(RowText.ALL, perplexity(), 1.3, 2.0);
    }

    @Override
    protected List<SourceRow> rows() {
        return Samples.prompts("ab", "a", "aaaaaaa", "aaaaaaaaaa", "#");
    }

    @Test
    void perplexity_byHand() {
        double[] found = perplexity()
                .of(List.of(
                        new Passage(null, Text.plain("ab")),
                        new Passage(Prompt.plain("a"), Text.plain("b")),
                        new Passage(null, Text.plain("#")),
                        new Passage(null, Text.plain("aaaaaaaa"))));
        // 1 to a is 0.96, a to b 0.01; b to 2 is 0.96
        assertThat(found[0]).isCloseTo(Math.exp(0.97 / 2), within(1e-6));
        assertThat(found[1]).isCloseTo(Math.exp(0.97 / 2), within(1e-6));
        assertThat(found[2]).isNaN();
        assertThat(found[3]).isNaN();
    }

    @Test
    void judge_keepsTheBounds() {
        assertThat(filter().judge(rows()))
                .containsExactly(
                        null,
                        new Drop("perplexity_too_high", "perplexity 2.61, at most 2.0"),
                        new Drop("perplexity_too_low", "perplexity 1.15, at least 1.3"),
                        new Drop("no_perplexity", "the model gives none"),
                        new Drop("no_perplexity", "the model gives none"));
    }
}
