package ai.preceptor.train;

import ai.preceptor.lm.collective.Collective;
import ai.preceptor.train.evaluation.Evaluator;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.run.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a training loop.
 *
 * @param store where metrics, checkpoints and the model go
 * @param interrupt may ask the loop to stop
 * @param listener receives the progress
 * @param state what else a checkpoint must hold, such as an objective with a running mean
 * @param nanoClock nanoseconds of a monotonic clock, for {@code step_time}
 * @param evaluator measures the model on held-out rows; null for none
 * @param learners those that train together, of which this loop is one
 * @param dividesOptimizer whether each of several learners keeps only its part of the optimizer's state (ZeRO stage 1)
 */
public record LoopSetting(
        RunStore store,
        Interrupt interrupt,
        TrainListener listener,
        List<Stateful> state,
        LongSupplier nanoClock,
        @Nullable Evaluator evaluator,
        Collective learners,
        boolean dividesOptimizer) {

    public LoopSetting {
        state = List.copyOf(state);
    }

    /** One learner. */
    public LoopSetting(
            RunStore store,
            Interrupt interrupt,
            TrainListener listener,
            List<Stateful> state,
            LongSupplier nanoClock,
            @Nullable Evaluator evaluator) {
        this(store, interrupt, listener, state, nanoClock, evaluator, Collective.single(), false);
    }

    /** Without evaluation. */
    public LoopSetting(
            RunStore store, Interrupt interrupt, TrainListener listener, List<Stateful> state, LongSupplier nanoClock) {
        this(store, interrupt, listener, state, nanoClock, null);
    }

    /** Stores nothing, has no listener, is never interrupted. */
    public static LoopSetting inMemory() {
        return of(RunStore.none(), new Interrupt(), TrainListener.none());
    }

    /** The usual surroundings, with the system's clock and no further state. */
    public static LoopSetting of(RunStore store, Interrupt interrupt, TrainListener listener) {
        return new LoopSetting(store, interrupt, listener, List.of(), System::nanoTime);
    }

    /** The same with {@code another} listener, called after the present ones. */
    public LoopSetting hearing(TrainListener another) {
        return heardBy(TrainListener.all(List.of(listener, another)));
    }

    /** The same with {@code another} listener, called before the present ones. */
    public LoopSetting hearingFirst(TrainListener another) {
        return heardBy(TrainListener.all(List.of(another, listener)));
    }

    private LoopSetting heardBy(TrainListener all) {
        return new LoopSetting(store, interrupt, all, state, nanoClock, evaluator, learners, dividesOptimizer);
    }

    /** The same with {@code more} state to save and load. */
    public LoopSetting with(Stateful more) {
        List<Stateful> all = new ArrayList<>(state);
        all.add(more);
        return new LoopSetting(store, interrupt, listener, all, nanoClock, evaluator, learners, dividesOptimizer);
    }

    /** The same, evaluated during training; null for not at all. */
    public LoopSetting evaluatedBy(@Nullable Evaluator other) {
        return new LoopSetting(store, interrupt, listener, state, nanoClock, other, learners, dividesOptimizer);
    }

    /** The same as one of several learners, which the caller closes. */
    public LoopSetting among(Collective others) {
        return among(others, false);
    }

    /** The same where each may keep only its part of the optimizer's state. */
    public LoopSetting among(Collective others, boolean divides) {
        return new LoopSetting(store, interrupt, listener, state, nanoClock, evaluator, others, divides);
    }
}
