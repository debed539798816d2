package ai.preceptor.cli.command.inference;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.TensorData;
import ai.preceptor.lm.ForwardOutput;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.lm.weights.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Everything a model computes over rows of tokens, laid out as other programs do: {@code [rows, length, ...]} with zeros
 * where the mask hides the token.
 */
final class WholeForward {
    private final TokenRows rows;

    WholeForward(TokenRows rows) {
        this.rows = rows;
    }

    /**
     * A language model's outputs.
     *
     * @throws NotFiniteException naming the first row with a number that is not finite: nothing could be compared with it
     * @return {@code logits} [rows, length, vocabulary], {@code last_hidden} [rows, length, d] after the final norm, and
     *     {@code target_logprobs} [rows, length - 1]: of the next token in nats, where it and the one before it count
     */
    Map<String, TensorData> outputs(LanguageModel model) {
        int vocabulary = model.config().vocabSize();
        int hidden = model.config().hiddenSize();
        rows.requireFits(vocabulary);
        int length = rows.length();
        float[] logits = new float[rows.count() * length * vocabulary];
        float[] states = new float[rows.count() * length * hidden];
        float[] logprobs = new float[rows.count() * Math.max(0, length - 1)];
        int context = context(model.config());
        for (int row = 0; row < rows.count(); row++) {
            int[] places = rows.places(row);
            ForwardOutput readout = model.read(WholeSequences.everyRow(rows.tokens(row), context));
            requireFinite("logit", readout.logits(), row, model.parameters());
            for (int i = 0; i < places.length; i++) {
                int at = row * length + places[i];
                System.arraycopy(readout.logits(), i * vocabulary, logits, at * vocabulary, vocabulary);
                System.arraycopy(readout.hidden(), i * hidden, states, at * hidden, hidden);
            }
            targets(model, row, context, logprobs);
        }
        Map<String, TensorData> outputs = new LinkedHashMap<>();
        outputs.put("last_hidden", TensorData.floats(states, rows.count(), length, hidden));
        outputs.put("logits", TensorData.floats(logits, rows.count(), length, vocabulary));
        outputs.put("target_logprobs", TensorData.floats(logprobs, rows.count(), Math.max(0, length - 1)));
        return outputs;
    }

    private static void requireFinite(String what, float[] numbers, int row, Parameters parameters) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                throw NotFiniteException.of(
                        "input_ids, row " + row + ": " + what, row, number, parameters.whyNotFinite());
            }
        }
    }

    /** The longest row where rotary angles depend on it, else 0: transformers takes the whole batch's length. */
    private int context(DecoderConfig config) {
        int longest = IntStream.range(0, rows.count())
                .map(row -> rows.places(row).length)
                .max()
                .orElse(0);
        return longest > config.positions().steadyLength() ? longest : 0;
    }

    private void targets(LanguageModel model, int row, int context, float[] into) {
        int[] places = rows.places(row);
        if (places.length < 2) {
            return;
        }
        float[] scores;
        try {
            scores = model.logprobs(WholeSequences.nextTokens(rows.tokens(row), context));
        } catch (NotFiniteException e) {
            throw e.at("input_ids, row " + row + ": log-probability", row);
        }
        for (int i = 1; i < places.length; i++) {
            // A target counts where its own column and the one before it are both unmasked.
            if (places[i] == places[i - 1] + 1) {
                into[row * (rows.length() - 1) + places[i - 1]] = scores[i - 1];
            }
        }
    }

    /** A reward model's output: {@code rewards} [rows] (of an ensemble [rows, heads]), read at the last token that counts. */
    Map<String, TensorData> rewards(RewardBackbone model) {
        rows.requireFits(model.config().vocabSize());
        int heads = model.heads();
        float[] rewards = new float[rows.count() * heads];
        int context = context(model.config());
        for (int row = 0; row < rows.count(); row++) {
            float[] own;
            try {
                own = model.rewards(WholeSequences.lastRow(rows.tokens(row), context));
            } catch (NotFiniteException e) {
                throw e.at("input_ids, row " + row + ": reward", row);
            }
            System.arraycopy(own, 0, rewards, row * heads, heads);
        }
        Map<String, TensorData> outputs = new LinkedHashMap<>();
        outputs.put(
                "rewards",
                heads == 1
                        ? TensorData.floats(rewards, rows.count())
                        : TensorData.floats(rewards, rows.count(), heads));
        return outputs;
    }
}
