package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.lm.generate.Generator;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.torch.Torch;
import java.util.List;

/**
 * A language model of this process as the engine. It reads the weights where they are, so with a model that the learner
 * trains it needs {@link DeviceLease#shared}. The model stays open.
 *
 * <p>Randomness starts at the seed of a request's first prompt; {@link SamplingOptions#seed} is replaced. So samples depend
 * on {@code promptsPerRequest}, and on nothing else of how they are made.
 */
public final class LanguageModelEngine implements GenerationEngine {
    private final Torch torch;
    private final Generator generator;
    private final SamplingOptions options;

    /**
     * @param torch the model's device
     * @param generator over the model
     * @param options how to choose tokens; policy gradients assume {@link SamplingOptions#unfiltered}
     */
    public LanguageModelEngine(Torch torch, Generator generator, SamplingOptions options) {
        this.torch = torch;
        this.generator = generator;
        this.options = options;
    }

    @Override
    public void start() {
        torch.bindThread();
    }

    @Override
    public List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase) {
        List<int[]> ids = prompts.stream().map(EncodedPrompt::ids).toList();
        return generator.generate(ids, samples, options.withSeed(prompts.get(0).seed(seedBase)));
    }
}
