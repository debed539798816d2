package ai.preceptor.lm.engine.timing;

import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.engine.EngineSession;
import ai.preceptor.lm.engine.EngineStatistics;
import ai.preceptor.lm.engine.GenerationEvent;
import ai.preceptor.lm.engine.GenerationHandle;
import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.engine.store.TensorBlocks;
import ai.preceptor.lm.engine.vector.ArrayBlocks;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.vector.VectorSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Steps of a model's engine: answers of random tokens to random prompts, a prompt and its answer in one block of keys and values.
 * New prompts come when answers are full; their prefill is not counted.
 */
final class SessionSteps implements TimedSteps {
    private static final int PROMPT = 16;

    private final EngineSession session;
    private final int vocabulary;
    private final int prompt;
    private final SamplingOptions options;
    private final Random random = new Random(1);
    private final List<GenerationHandle> handles = new ArrayList<>();
    private int rows;

    /**
     * Opens an engine.
     *
     * @param decode what computes steps, chosen
     * @param rows of a step, 1 or more, until {@link #setRows}
     * @throws ai.preceptor.data.ConfigurationException if the model cannot be computed so here
     */
    SessionSteps(LanguageModel model, DecodeSettings decode, int rows) {
        int context = Math.min(KvStore.COLUMNS, model.config().generationContext());
        this.vocabulary = model.config().vocabSize();
        this.prompt = Math.min(PROMPT, context / 2);
        this.options = SamplingOptions.unfiltered(context - prompt, 1);
        this.rows = rows;
        long tensors = TensorBlocks.blockBytes(model);
        // The larger, so that both kinds have room for as many rows. Java's is known where Java can compute steps.
        long block = VectorSupport.whyNot().isPresent()
                ? tensors
                : Math.max(tensors, ArrayBlocks.blockBytes(model.config()));
        GenerationLimits limits = new GenerationLimits(rows, (rows + 1) * block, rows * PROMPT).with(decode);
        this.session = EngineSession.open(model, ids -> "", new int[0], limits);
    }

    /**
     * Goes on with steps of another number of rows.
     *
     * @param other not more than at first
     */
    void setRows(int other) {
        handles.forEach(GenerationHandle::cancel);
        while (!session.isIdle()) {
            session.step();
        }
        rows = other;
    }

    @Override
    public long step() {
        EngineStatistics before = session.statistics();
        EngineStatistics after = before;
        while (after.decodeSteps() == before.decodeSteps()) {
            if (session.isIdle()) {
                submit();
            }
            for (GenerationEvent event : session.step()) {
                if (event instanceof GenerationEvent.Failed failed) {
                    throw failed.cause();
                }
            }
            after = session.statistics();
        }
        return after.decodeNanos() - before.decodeNanos();
    }

    private void submit() {
        handles.clear();
        for (int row = 0; row < rows; row++) {
            int[] ids = random.ints(prompt, 0, vocabulary).toArray();
            handles.add(session.submit(new GenerationRequest(ids, 1, options.withSeed(random.nextLong()))));
        }
    }

    /** What the engine did so far. */
    EngineStatistics statistics() {
        return session.statistics();
    }

    @Override
    public void close() {
        session.close();
    }
}
