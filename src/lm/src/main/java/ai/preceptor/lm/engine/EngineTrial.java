package ai.preceptor.lm.engine;

import ai.preceptor.lm.engine.store.KvStore;
import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.lm.torch.Scope;
import java.util.List;

/**
 * Distinguishes a request that cannot be computed from an engine that cannot compute: after a step that threw, the
 * engine runs a request of its own, two tokens for a prompt of one token.
 */
final class EngineTrial {
    /** Trials that may fail one after another, with no step between that went well. */
    static final int MOST_FAILED = 3;

    private final Scope scope;
    private final StepRunner runner;
    private final KvStore store;
    private final RequestReader reader;
    private int failed;

    /** @param scope owns what a trial computes, for as long as it lasts */
    EngineTrial(Scope scope, StepRunner runner, KvStore store, RequestReader reader) {
        this.scope = scope;
        this.runner = runner;
        this.store = store;
        this.reader = reader;
    }

    /** A step went well. */
    void passed() {
        failed = 0;
    }

    /**
     * Tries, if the store has room for it.
     *
     * @throws IllegalStateException if this was the last of the trials that may fail
     */
    void run() {
        GenerationRequest request = new GenerationRequest(new int[] {0}, 1, SamplingOptions.greedy(2));
        Sample sample = reader.samples(new GenerationHandle(-1, request), 0).get(0);
        if (!store.reserve(sample.ownBlocks())) {
            return;
        }
        try (Scope own = scope.sub()) {
            compute(own, sample);
            failed = 0;
        } catch (RuntimeException | Error e) {
            failed++;
            if (failed == MOST_FAILED) {
                throw new IllegalStateException(
                        "generation fails: " + failed + " steps in a row, and requests of the engine's own after each",
                        e);
            }
        } finally {
            store.release(sample.ownBlocks(), store.own(), sample.blocks());
        }
    }

    private void compute(Scope own, Sample sample) {
        List<Sample> alone = List.of(sample);
        QueuedPrompt prompt = sample.prompt();
        Prefill computed = Prefill.compute(runner, own, List.of(prompt));
        prompt.prefilled(own.sub(), computed.hidden(0));
        computed.store(store, store.own(), sample.blocks(), 0, prompt.length());
        int drawn = runner.first(own, alone).id(0);
        int id = Math.max(0, Math.min(drawn, reader.vocabulary() - 1));
        sample.accept(new GeneratedToken(id, 0, 0, List.of()), null);
        if (sample.position() < reader.context()) {
            runner.step(own, alone, store, RowSettings.of(alone));
        }
    }
}
