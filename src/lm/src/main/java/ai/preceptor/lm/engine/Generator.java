package ai.preceptor.lm.engine;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.generate.GeneratedSample;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.generate.TurnLoop;
import ai.preceptor.lm.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Completes prompts.
 *
 * <p>What is drawn depends on nothing but the request, its seed and the weights, in float32 to the last bit: not on the limits, not on
 * what else is generated, not on the order; matrix products only ever have numbers of rows that round alike.
 *
 * <p>Not thread-safe, {@link #cancel} and {@link #steps} excepted: the calling thread must be bound to the model's device, and nothing else may
 * change the weights during a call. A call whose thread is interrupted ends as a cancelled one does.
 */
public final class Generator {
    private final SessionFactory factory;
    /** What the running call reads between two steps; null while none runs. */
    private final AtomicReference<@Nullable AtomicBoolean> cancelled = new AtomicReference<>();

    private final AtomicLong steps = new AtomicLong();
    private final @Nullable TurnLoop turns;

    /** A model with its own tokenizer's text and stop tokens, and the default limits. */
    public Generator(LanguageModel model, Tokenizer tokenizer) {
        this(model, tokenizer, GenerationLimits.DEFAULT);
    }

    /** The same with other limits. */
    public Generator(LanguageModel model, Tokenizer tokenizer, GenerationLimits limits) {
        this(model, ids -> tokenizer.decode(ids, true), tokenizer.stopIds(), limits);
    }

    /**
     * @param text decodes token ids, special tokens left out
     * @param stopIds the model's ends of sequence, from 0 on; those beyond its vocabulary have no effect
     */
    public Generator(LanguageModel model, Function<int[], String> text, int[] stopIds, GenerationLimits limits) {
        this(new SessionFactory(model, text, stopIds, limits), null);
    }

    private Generator(SessionFactory factory, @Nullable TurnLoop turns) {
        this.factory = factory;
        this.turns = turns;
    }

    /** Another one like this, which another thread may use; what was found out about the model's matrix products stays known. */
    public Generator another() {
        return new Generator(factory, turns);
    }

    /** Another one over the same model, whose answers may have several turns; {@link #samples} stays at one. */
    public Generator with(TurnLoop loop) {
        return new Generator(factory, loop);
    }

    /**
     * Samples completions of several prompts with the same settings.
     *
     * @param promptIds prompts, each of 1 to context - 1 tokens
     * @param samplesPerPrompt completions of each prompt, at least 1
     * @param options its seed serves all: what is drawn depends on the seed and the prompt's place in the list
     * @return for each prompt, in order, its completions
     * @throws IllegalArgumentException naming the prompt and the number that is out of range
     * @throws ai.preceptor.lm.NotFiniteException if the model's numbers are not finite, naming prompt, sample and token
     */
    public List<List<Completion>> generate(List<int[]> promptIds, int samplesPerPrompt, SamplingOptions options) {
        return generate(requests(promptIds, samplesPerPrompt, options));
    }

    /**
     * The same of prompts whose columns are the chat template's variables in every turn.
     *
     * @param prompts what the ids are of
     */
    public List<List<Completion>> generate(
            List<int[]> promptIds, List<Prompt> prompts, int samplesPerPrompt, SamplingOptions options) {
        List<GenerationRequest> requests = requests(promptIds, samplesPerPrompt, options);
        for (int i = 0; i < requests.size(); i++) {
            requests.set(i, requests.get(i).of(prompts.get(i)));
        }
        return generate(requests);
    }

    private static List<GenerationRequest> requests(
            List<int[]> promptIds, int samplesPerPrompt, SamplingOptions options) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < promptIds.size(); i++) {
            SamplingOptions own = options.withSeed(TokenDraws.seedOf(options.seed(), i));
            requests.add(new GenerationRequest(promptIds.get(i), samplesPerPrompt, own));
        }
        return requests;
    }

    /**
     * Samples completions of requests with settings and seeds of their own.
     *
     * @return for each request, in order, its completions
     * @throws IllegalArgumentException naming the prompt and the number that is out of range
     * @throws ai.preceptor.lm.NotFiniteException if the model's numbers are not finite, naming prompt, sample and token
     */
    public List<List<Completion>> generate(List<GenerationRequest> requests) {
        return turns == null ? oneTurn(requests) : turns.complete(requests, this::oneTurn, steps::incrementAndGet);
    }

    private List<List<Completion>> oneTurn(List<GenerationRequest> requests) {
        return samples(requests).stream()
                .map(samples ->
                        samples.stream().map(GeneratedSample::completion).toList())
                .toList();
    }

    /**
     * The same with all that is known of each token. What one request throws, the call throws.
     *
     * @throws CancellationException if {@link #cancel} was called during the call, or the thread is interrupted
     */
    public List<List<GeneratedSample>> samples(List<GenerationRequest> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        try {
            return run(requests);
        } finally {
            factory.returnMemory();
        }
    }

    private List<List<GeneratedSample>> run(List<GenerationRequest> requests) {
        GeneratedSample[][] done = new GeneratedSample[requests.size()][];
        AtomicBoolean asked = new AtomicBoolean();
        cancelled.set(asked);
        try (EngineSession session = factory.open(requests, System::nanoTime, steps)) {
            for (int i = 0; i < done.length; i++) {
                done[i] = new GeneratedSample[requests.get(i).samples()];
                session.submit(requests.get(i));
            }
            while (!session.isIdle()) {
                if (asked.get() || Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("generation of " + done.length + " requests was cancelled");
                }
                for (GenerationEvent event : session.step()) {
                    if (event instanceof GenerationEvent.Finished finished) {
                        done[(int) event.handle().id()][event.sample()] = finished.result();
                    } else if (event instanceof GenerationEvent.Failed failed) {
                        throw failed.cause();
                    }
                }
            }
        } finally {
            cancelled.set(null);
        }
        return Arrays.stream(done).map(List::of).toList();
    }

    /**
     * Prefills and steps of decoding so far, and those of turns of others, of all calls together: while a call makes progress, this grows. A prefill is of no more
     * tokens than {@link GenerationLimits#prefillTokens}, except that of one longer prompt. From any thread.
     */
    public long steps() {
        return steps.get();
    }

    /**
     * Asks the call that runs to end: after the step that it is in, it throws {@link CancellationException}. Nothing happens
     * where no call runs. From any thread.
     */
    public void cancel() {
        AtomicBoolean running = cancelled.get();
        if (running != null) {
            running.set(true);
        }
    }
}
