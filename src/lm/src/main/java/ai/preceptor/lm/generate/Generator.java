package ai.preceptor.lm.generate;

import ai.preceptor.data.Completion;
import ai.preceptor.lm.DecoderWeights;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Completes prompts.
 *
 * <p>What is drawn does not depend on the batch, see {@link SamplingOptions#seed}, but for rounding: matrix products of
 * other shapes round differently in the last digits, which may turn a draw that falls within them, in bfloat16 more often
 * than in float32.
 *
 * <p>Not thread-safe: the calling thread must be bound to the model's device, and nothing else may change the weights
 * meanwhile.
 */
public final class Generator {
    private final DecoderWeights weights;
    private final Function<int[], String> text;
    private final BitSet stops;
    private final GenerationLimits limits;

    /** A model with its own tokenizer's text and stop tokens, and the default limits. */
    public Generator(LanguageModel model, Tokenizer tokenizer) {
        this(model, ids -> tokenizer.decode(ids, true), tokenizer.stopIds(), GenerationLimits.DEFAULT);
    }

    /**
     * @param text decodes token ids, special tokens left out
     * @param stopIds the model's ends of sequence
     */
    public Generator(LanguageModel model, Function<int[], String> text, int[] stopIds, GenerationLimits limits) {
        this.weights = DecoderWeights.of(model);
        this.text = text;
        this.stops = new BitSet();
        Arrays.stream(stopIds).forEach(stops::set);
        this.limits = limits;
    }

    /**
     * Samples completions of several prompts with the same settings.
     *
     * @param promptIds prompts, each of 1 to context - 1 tokens
     * @param samplesPerPrompt completions of each prompt, at least 1
     * @param options its seed serves all: what is drawn depends on the seed and the prompt's place in the list
     * @return for each prompt, in order, its completions
     * @throws IllegalArgumentException naming the prompt and the number that is out of range
     * @throws IllegalStateException if the model's logits are not numbers
     */
    public List<List<Completion>> generate(List<int[]> promptIds, int samplesPerPrompt, SamplingOptions options) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < promptIds.size(); i++) {
            SamplingOptions own = options.withSeed(TokenDraws.seedOf(options.seed(), i));
            requests.add(new GenerationRequest(promptIds.get(i), samplesPerPrompt, own));
        }
        return generate(requests);
    }

    /**
     * Samples completions of requests with settings and seeds of their own.
     *
     * @return for each request, in order, its completions
     * @throws IllegalArgumentException naming the prompt and the number that is out of range
     * @throws IllegalStateException if the model's logits are not numbers
     */
    public List<List<Completion>> generate(List<GenerationRequest> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        List<Sample> samples = queue(requests);
        int capacity = capacity(requests);
        int rows = limits.rows(weights.cacheBytesPerToken() * AttentionGroups.padded(capacity), samples.size());
        Completion[][] done = new Completion[requests.size()][];
        for (int i = 0; i < done.length; i++) {
            done[i] = new Completion[requests.get(i).samples()];
        }
        try (DecodeEngine engine = new DecodeEngine(weights, rows, capacity, limits.prefillTokens())) {
            engine.submit(samples);
            while (!engine.isIdle()) {
                for (Sample sample : engine.step()) {
                    done[sample.prompt().number()][sample.number()] = sample.completion(text);
                }
            }
        }
        return Arrays.stream(done).map(List::of).toList();
    }

    /** Samples by falling length of their prompts, so that rows decoded together are of similar length. */
    private List<Sample> queue(List<GenerationRequest> requests) {
        List<QueuedPrompt> prompts = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            int[] ids = requests.get(i).promptIds();
            check(i, ids);
            prompts.add(new QueuedPrompt(i, ids.clone(), requests.get(i).samples()));
        }
        prompts.sort(Comparator.comparingInt(QueuedPrompt::length).reversed());
        List<Sample> samples = new ArrayList<>();
        for (QueuedPrompt prompt : prompts) {
            GenerationRequest request = requests.get(prompt.number());
            BitSet ends = stops(request.options());
            int limit = Math.min(request.options().maxNewTokens(), context() - prompt.length());
            for (int number = 0; number < request.samples(); number++) {
                samples.add(new Sample(prompt, number, request.options(), ends, limit));
            }
        }
        return samples;
    }

    private BitSet stops(SamplingOptions options) {
        BitSet ends = (BitSet) stops.clone();
        int vocabulary = weights.config().vocabSize();
        for (int id : options.stops().ids()) {
            if (id >= vocabulary) {
                throw new IllegalArgumentException(
                        "stop_ids: received " + id + ", must be token ids below " + vocabulary);
            }
            ends.set(id);
        }
        return ends;
    }

    private void check(int number, int[] ids) {
        if (ids.length < 1 || ids.length >= context()) {
            throw new IllegalArgumentException("prompt " + number + ": received " + ids.length
                    + " tokens, must be 1 to " + (context() - 1) + ", one less than the model's context");
        }
        int vocabulary = weights.config().vocabSize();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabulary) {
                throw new IllegalArgumentException("prompt " + number + ", token " + i + ": received id " + ids[i]
                        + ", must be 0 to " + (vocabulary - 1));
            }
        }
    }

    private int capacity(List<GenerationRequest> requests) {
        long most = requests.stream()
                .mapToLong(request ->
                        (long) request.promptIds().length + request.options().maxNewTokens())
                .max()
                .orElse(0);
        return (int) Math.min(most, context());
    }

    private int context() {
        return weights.config().maxPositionEmbeddings();
    }
}
