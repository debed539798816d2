package ai.preceptor.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.data.Demonstration;
import ai.preceptor.data.Message;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Text;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Span;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.train.CharEncoder;
import ai.preceptor.train.LossInputs;
import ai.preceptor.train.LossReport;
import ai.preceptor.train.Objective;
import ai.preceptor.train.ObjectiveContract;
import ai.preceptor.train.Totals;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SftObjectiveTest extends ObjectiveContract<Demonstration> {

    private static final Demonstration ROW = new Demonstration(Prompt.plain("p"), Text.plain("answer"));

    @Override
    protected Objective<Demonstration> objective() {
        return new SftObjective();
    }

    @Override
    protected Demonstration row(Random random) {
        return new Demonstration(Prompt.plain("prompt"), Text.plain("completion".substring(random.nextInt(10))));
    }

    /** Two answers of 1 and 3 tokens in a step of 8: -(-2 - 1 - 2 - 3) / 8, a token mean and not a mean of means. */
    @Test
    void evaluate_isTheTokenMeanOfTheStep() {
        LossReport report = objective()
                .evaluate(new LossInputs<>(
                        List.of(ROW, ROW),
                        List.of(new Span(0, 1), new Span(1, 4)),
                        new float[] {-2, -1, -2, -3},
                        null,
                        new Totals(4, 8)));
        assertThat(report.loss()).isCloseTo(1, within(1e-12));
        assertThat(report.gradient()).containsExactly(-0.125f, -0.125f, -0.125f, -0.125f);
        assertThat(report.metrics()).isEmpty();
    }

    /** Tokens of probability 1/2 and 1/4: (0.5 ln 2 + 0.25 ln 4) / 4 = ln 2 / 4, and derivatives of -p/4. */
    @Test
    void evaluate_dft_weighsTokensByTheirProbability() {
        float half = (float) -Math.log(2);
        LossReport report = new SftObjective(LossTokens.COMPLETION, SftLossType.DFT)
                .evaluate(new LossInputs<>(
                        List.of(ROW), List.of(new Span(0, 2)), new float[] {half, 2 * half}, null, new Totals(1, 4)));
        assertThat(report.loss()).isCloseTo(Math.log(2) / 4, within(1e-7));
        assertThat(report.gradient()).containsExactly(new float[] {-0.125f, -0.0625f}, within(1e-7f));
    }

    @Test
    void pack_bareMessages_learnsAllTokensButTheFirst() {
        PackedBatch.Builder builder = PackedBatch.builder();
        Demonstration row = new Demonstration(Prompt.chat(), Text.chat(Message.user("ab"), Message.assistant("c")));
        objective().pack(row, new WholeEncoder(), builder);
        PackedBatch batch = builder.build();
        assertThat(batch.tokens()).containsExactly('a', 'b', '\n', 'c');
        assertThat(batch.targets()).containsExactly('b', '\n', 'c', 2);
        assertThat(batch.sources()).containsExactly(0, 1, 2, 3);
    }

    /** Like {@link CharEncoder}, but a prompt without messages has no tokens, as with chat templates. */
    private static final class WholeEncoder implements PromptEncoder {
        private final CharEncoder chars = new CharEncoder();

        @Override
        public int[] prompt(Prompt prompt) {
            return new int[0];
        }

        @Override
        public int[] completion(Prompt prompt, Text completion) {
            return chars.completion(prompt, completion);
        }

        @Override
        public String decode(int[] ids, boolean skipSpecial) {
            return chars.decode(ids, skipSpecial);
        }
    }

    @Test
    void evaluate_totalsBelowTheMicroBatch_areRefused() {
        LossInputs<Demonstration> in =
                new LossInputs<>(List.of(ROW), List.of(new Span(0, 2)), new float[] {-1, -1}, null, new Totals(1, 1));
        assertThatThrownBy(() -> objective().evaluate(in))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tokens 1");
    }
}
