package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * A language model of this process as the engine. It uses the model's weights in place, so with a model that the learner
 * trains it needs {@link ai.preceptor.rollout.actor.DeviceLease#shared}. The model stays open.
 *
 * <p>Each prompt has a seed of its own, see {@link EncodedPrompt#seed}; {@link SamplingOptions#seed} is replaced. So a
 * prompt's samples depend on the run's seed, its index and the weights only: neither on the rest of the batch nor on the
 * number of engines.
 */
public final class LanguageModelEngine implements GenerationEngine {
    private final Torch torch;
    private final Generator generator;
    private final SamplingOptions options;
    private final LongConsumer refreshing;
    private final Runnable closing;
    private volatile boolean generating;

    /**
     * Over a model whose weights are always current.
     *
     * @param torch the model's device
     * @param generator over the model
     * @param options of sampling. Where they filter, completions come with the ids that were kept, so that learners may
     *     normalize over them
     */
    public LanguageModelEngine(Torch torch, Generator generator, SamplingOptions options) {
        this(torch, generator, options, version -> {}, () -> {});
    }

    /**
     * Over a model that loads the weights of a version on request.
     *
     * @param refreshing loads a version's weights into the model
     * @param closing frees what the engine owns
     */
    public LanguageModelEngine(
            Torch torch, Generator generator, SamplingOptions options, LongConsumer refreshing, Runnable closing) {
        this.torch = torch;
        this.generator = generator;
        this.options = options;
        this.refreshing = refreshing;
        this.closing = closing;
    }

    @Override
    public void start() {
        torch.bindThread();
    }

    @Override
    public List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase) {
        List<GenerationRequest> requests = prompts.stream()
                .map(prompt -> new GenerationRequest(prompt.ids(), samples, options.withSeed(prompt.seed(seedBase)))
                        .withSupports()
                        .of(prompt.prompt()))
                .toList();
        generating = true;
        try {
            return generator.generate(requests);
        } finally {
            generating = false;
        }
    }

    /** Steps of the generator; unknown while weights are loaded, which is one step of any length. */
    @Override
    public OptionalLong steps() {
        return generating ? OptionalLong.of(generator.steps()) : OptionalLong.empty();
    }

    @Override
    public void refresh(long version) {
        refreshing.accept(version);
    }

    /** A running {@link #generate} throws after the current decoding step. */
    @Override
    public void cancel() {
        generator.cancel();
    }

    @Override
    public void close() {
        closing.run();
    }
}
