package ai.preceptor.teacher.curate;

import ai.preceptor.data.Prompt;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.EncodingException;
import ai.preceptor.lm.text.PromptEncoder;
import ai.preceptor.teacher.BoundedPasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Perplexity under a language model on this machine.
 *
 * <p>An answer's tokens count after its prompt, the end of turn among them. Of a text by itself, as the tokenizer writes it, all
 * tokens count but the first, which nothing comes before. NaN: nothing that counts, longer than the limit, or not encodable.
 */
public final class ModelPerplexity implements Perplexity {
    private final BoundedPasses passes;
    private final PromptEncoder encoder;
    private final int maxLength;

    /**
     * @param model gives {@code [targets]} log-probabilities of a batch
     * @param encoder the model's own
     * @param maxLength most tokens of a prompt with its answer, at least 2
     */
    public ModelPerplexity(Function<PackedBatch, float[]> model, PromptEncoder encoder, int maxLength) {
        if (maxLength < 2) {
            throw new IllegalArgumentException("max_length: " + maxLength + ", must be at least 2");
        }
        this.passes = new BoundedPasses(model, BoundedPasses.DEFAULT_ROWS);
        this.encoder = encoder;
        this.maxLength = maxLength;
    }

    @Override
    public double[] of(List<Passage> passages) {
        double[] perplexities = new double[passages.size()];
        Arrays.fill(perplexities, Double.NaN);
        List<Integer> places = new ArrayList<>();
        List<int[]> prompts = new ArrayList<>();
        List<int[]> counted = new ArrayList<>();
        for (int i = 0; i < perplexities.length; i++) {
            int[][] parts = parts(passages.get(i));
            int length = parts[0].length + parts[1].length;
            if (parts[0].length > 0 && parts[1].length > 0 && length <= maxLength) {
                places.add(i);
                prompts.add(parts[0]);
                counted.add(parts[1]);
            }
        }
        List<float[]> logprobs = passes.logprobs(prompts, counted);
        for (int i = 0; i < places.size(); i++) {
            perplexities[places.get(i)] = perplexity(logprobs.get(i));
        }
        return perplexities;
    }

    /** Tokens that come before, and those that count; two empty ones if it cannot be encoded. */
    private int[][] parts(Passage passage) {
        try {
            int[] before = passage.prompt() == null ? new int[0] : encoder.prompt(passage.prompt());
            int[] all = passage.prompt() == null
                    ? encoder.prompt(new Prompt(passage.text()))
                    : encoder.completion(passage.prompt(), passage.text());
            return before.length > 0 || all.length == 0
                    ? new int[][] {before, all}
                    : new int[][] {{all[0]}, Arrays.copyOfRange(all, 1, all.length)};
        } catch (EncodingException unreadable) {
            return new int[2][0];
        }
    }

    private static double perplexity(float[] logprobs) {
        double sum = 0;
        for (float logprob : logprobs) {
            sum += logprob;
        }
        return Math.exp(-sum / logprobs.length);
    }
}
