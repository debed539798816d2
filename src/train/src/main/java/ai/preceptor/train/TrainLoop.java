package ai.preceptor.train;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.LostLearnerException;
import ai.preceptor.train.evaluation.BestModel;
import ai.preceptor.train.evaluation.Evaluations;
import ai.preceptor.train.learners.EqualWeights;
import ai.preceptor.train.learners.LearnerFailedException;
import ai.preceptor.train.learners.SharedEvaluator;
import ai.preceptor.train.learners.SharedRows;
import ai.preceptor.train.learners.SharedState;
import ai.preceptor.train.rows.MicroBatch;
import ai.preceptor.train.rows.RowSource;
import ai.preceptor.train.rows.StepRows;
import ai.preceptor.train.run.Position;
import ai.preceptor.train.run.RunRequest;
import ai.preceptor.train.run.RunStore;
import ai.preceptor.train.run.SavedCheckpoint;
import ai.preceptor.train.run.Stateful;
import ai.preceptor.train.schedule.LearningRateSchedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The training loop, used by every method. For every optimizer step: rows from the source, packed by the pass, forward
 * and back micro-batch by micro-batch with the totals of the whole step, one clipped optimizer step, a line of metrics,
 * and now and then a checkpoint.
 *
 * <p>It keeps three promises. A run that is stopped and resumed equals one that was not, to the last metric, because all
 * of a step is a function of the checkpoint and the step's number. A stop that is asked for, and a loss or gradient that
 * is not finite, lose nothing but the current step: the state before it is saved. And accumulating micro-batches changes
 * no loss, because objectives divide by the totals of the step.
 *
 * @param <R> type of a row
 */
public final class TrainLoop<R> {

    /** By which a learning rate that diverged is divided for a proposal. */
    private static final double LOWER = 10;

    private final TrainConfig config;
    private final Trainable model;
    private final Pass<R> pass;
    private final RowSource<R> source;
    private final LoopSetting setting;
    private final Collective learners;
    private final RunTotals totals;
    private final List<Stateful> parts;
    private final int totalSteps;
    private final LearningRateSchedule schedule;
    private final StepMetrics.Window window = new StepMetrics.Window();
    private final @Nullable Evaluations evaluations;
    private Position position;
    private @Nullable Path newest;

    /**
     * @param config how to train
     * @param model what is trained
     * @param pass how a micro-batch becomes a loss and gradients in {@code model}
     * @param source the rows
     * @param setting where results go and who may stop the run
     * @throws ai.preceptor.data.ConfigurationException when the rows are endless and {@code config} sets no
     *     {@code max_steps}
     */
    public TrainLoop(TrainConfig config, Trainable model, Pass<R> pass, RowSource<R> source, LoopSetting setting) {
        this.config = config;
        this.model = model;
        this.pass = pass;
        this.learners = setting.learners();
        this.source = SharedRows.of(source, learners);
        this.setting = setting;
        this.totals = new RunTotals(setting.nanoClock());
        this.parts = new ArrayList<>(List.of(model, this.source, totals));
        this.parts.addAll(setting.state());
        this.evaluations = evaluations(config, setting);
        if (evaluations != null) {
            parts.add(evaluations);
        }
        this.totalSteps = config.totalSteps(source.stepsPerEpoch());
        this.schedule = config.schedule(totalSteps);
        this.position = new Position(0, totalSteps, 0, 0);
    }

    /**
     * Trains to the end.
     *
     * @return the result; the model is saved
     * @throws InterruptedRunException when a stop was asked for; the state is saved
     * @throws DivergedException when a loss or gradient is not finite; the state before that step is saved
     * @throws ai.preceptor.data.ConfigurationException when the run to resume is another one
     */
    public TrainSummary run() {
        try {
            return train();
        } catch (RuntimeException early) {
            RuntimeException told = early instanceof LostLearnerException lost ? left(lost) : early;
            setting.store().ended(told);
            throw told;
        }
    }

    private TrainSummary train() {
        if (learners.world() > 1) {
            model.join(learners, setting.dividesOptimizer());
        }
        int firstStep = resume();
        setting.store().requireSpace(spaceNeeded(firstStep));
        if (evaluations != null && firstStep < totalSteps) {
            evaluations.requireMetric();
        }
        setting.store().planned(firstStep, totalSteps); // what is refused before leaves no directory
        setting.listener().onStart(firstStep, totalSteps);
        if (firstStep > 0) {
            evaluateIf(isEvaluationDue()); // given up when the run was stopped
        }
        while (position.step() < totalSteps && !isStoppedEarly()) {
            if (setting.store().takes(RunRequest.STOP)) {
                setting.interrupt().request();
            }
            if (learners.world() == 1) { // several agree on it when they have their rows
                stopIfAsked();
            }
            long stepBegan = setting.nanoClock().getAsLong();
            StepPart<R> part = nextPart();
            if (part.rows().isExhausted()) {
                break;
            }
            StepMetrics step = optimize(part, stepBegan);
            totals.add(step);
            report(step);
        }
        if (!window.isEmpty()) {
            setting.listener().onLog(window.drain());
        }
        finishEvaluation();
        EqualWeights.require(model::digest, learners, position.step());
        if (config.saveSteps() > 0) {
            saveCheckpoint();
        }
        loadBest();
        setting.store().saveModel(model::saveModel);
        TrainSummary summary = new TrainSummary(
                position.step(),
                firstStep,
                position.epoch(),
                position.tokens(),
                totals.seconds(),
                totals.meanLoss(),
                totals.last(),
                evaluations == null ? null : evaluations.result());
        setting.store().writeSummary(summary.row());
        setting.listener().onDone(summary);
        return summary;
    }

    /** Of the rows, and the names of the parts that learn from them. */
    private Map<String, String> identity() {
        Map<String, String> identity = new LinkedHashMap<>(source.identity());
        pass.parts().forEach((part, name) -> identity.put(RunStore.PART + part, name));
        return identity;
    }

    private int resume() {
        Optional<SavedCheckpoint> found = setting.store().resume(identity(), totalSteps);
        found.ifPresent(checkpoint -> {
            parts.forEach(part -> part.loadState(checkpoint.path()));
            newest = checkpoint.path();
            Position was = checkpoint.position();
            position = new Position(was.step(), totalSteps, was.epoch(), was.tokens());
        });
        BestModel best = evaluations == null ? null : evaluations.toLoad();
        if (evaluations != null && best != null) {
            if (setting.store().checkpoint(best.step()).isPresent()) {
                setting.store().keep(best.step());
            } else {
                evaluations.forgetBest();
            }
        }
        return position.step();
    }

    private static @Nullable Evaluations evaluations(TrainConfig config, LoopSetting setting) {
        if (config.evaluation().loadBestModelAtEnd() && setting.store().equals(RunStore.none())) {
            throw new ConfigurationException(
                    "load_best_model_at_end: expected a run directory, which keeps the best checkpoint, found none");
        }
        if (setting.evaluator() != null) {
            return new Evaluations(
                    config.evaluation(),
                    SharedEvaluator.of(setting.evaluator(), setting.learners()),
                    setting.nanoClock());
        }
        config.evaluation().requireNothing();
        return null;
    }

    private boolean isEvaluationDue() {
        return evaluations != null && evaluations.isDue(position.step(), totalSteps);
    }

    private boolean isStoppedEarly() {
        return evaluations != null && evaluations.isOver();
    }

    /** Evaluates the model as it is now, and saves it if it is the best so far and the run is to end with that. */
    private void evaluateIf(boolean due) {
        if (evaluations == null || !due) {
            return;
        }
        int step = position.step();
        Optional<Map<String, Double>> measured = savedIfItFails(() -> evaluations.measure(step));
        if (measured.isEmpty()) {
            return; // a stop was requested; the resumed run evaluates this step first
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", step);
        row.putAll(measured.get());
        boolean isSavedWithout = setting.store().outdates(step); // by a stop, a failure, or where rows ended early
        if (config.evaluation().evalSteps() != null) { // one evaluation, after training, is in the summary alone
            setting.store().record(row);
        }
        setting.listener().onEvaluation(step, measured.get());
        BestModel best = evaluations.toLoad();
        boolean isBest = best != null && best.step() == step;
        if (isBest) {
            setting.store().keep(step);
        }
        if (isBest || isSavedWithout) {
            saveCheckpoint();
        }
    }

    /** The last step is evaluated also where rows ended early; one that was given up is left to the resumed run. */
    private void finishEvaluation() {
        if (evaluations != null && position.step() > 0 && !evaluations.isMade(position.step())) {
            evaluateIf(true);
            if (!evaluations.isMade(position.step())) {
                stopIfAsked();
            }
        }
    }

    /** Takes back the weights of the best evaluation. */
    private void loadBest() {
        BestModel best = evaluations == null ? null : evaluations.toLoad();
        if (best != null && best.step() != position.step()) {
            model.loadState(setting.store()
                    .checkpoint(best.step())
                    .orElseThrow(() -> new DataException("the checkpoint of the best evaluation, of step " + best.step()
                            + ", is missing or damaged; load_best_model_at_end=false with resume=true ends with the last"
                            + " step's weights")));
        }
    }

    /** A source that samples may fail for good, hours into a run: what was learnt until then is saved. */
    private StepPart<R> nextPart() {
        return savedIfItFails(() -> {
            StepPart<R> part = StepPart.of(StepRows.exhausted(0), pass);
            StepPart.Report own;
            RuntimeException failure = null;
            try {
                StepRows<R> rows = source.at(position.step());
                if (setting.interrupt().isRequested()) { // a source that samples may have given up then
                    own = StepPart.Report.broken(StepPart.Report.State.STOPPED, "");
                } else {
                    part = StepPart.of(rows, pass);
                    own = part.counts();
                }
            } catch (LostLearnerException lost) { // it samples with the others
                throw lost;
            } catch (RuntimeException e) {
                failure = e;
                own = StepPart.Report.failed(e);
            }
            return part.of(agreed(own, failure));
        });
    }

    /**
     * What all learners have done. Each comes here whatever happened to it: one that ended alone would leave the others waiting.
     *
     * @param failure of this learner; null for none
     */
    private StepPart.Report agreed(StepPart.Report own, @Nullable RuntimeException failure) {
        StepPart.Report all;
        try {
            all = own.withOthers(learners);
        } catch (LostLearnerException lost) {
            if (failure == null) {
                throw lost;
            }
            failure.addSuppressed(lost);
            throw failure;
        }
        if (failure != null) {
            throw learners.world() == 1 ? failure : saved(failure);
        }
        switch (all.state()) {
            case FAILED -> throw saved(new LearnerFailedException(all.problem()));
            case DIVERGED -> throw diverged(all.problem());
            case STOPPED -> {
                setting.interrupt().request();
                stopIfAsked();
            }
            case DONE -> {}
        }
        return all;
    }

    /** What is told of a learner that was lost: the state before the current step is saved. */
    private LostLearnerException left(LostLearnerException lost) {
        model.discardGradients();
        String where = learners.rank() > 0 ? "learner 0 keeps the state; continue with resume=true" : "nothing saved";
        try {
            if (learners.rank() == 0 && position.step() > 0) {
                where = savedWhere(saveCheckpoint());
            }
        } catch (RuntimeException unsaved) {
            lost.addSuppressed(unsaved);
            where = "nothing saved: " + unsaved.getMessage();
        }
        return new LostLearnerException(
                "step " + (position.step() + 1) + ": " + lost.getMessage() + "; " + where, lost);
    }

    private <T> T savedIfItFails(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            throw saved(failure);
        }
    }

    /** The state before the step in hand is saved. */
    private RuntimeException saved(RuntimeException failure) {
        model.discardGradients();
        if (position.step() > 0) {
            try {
                saveCheckpoint();
            } catch (RuntimeException unsaved) {
                failure.addSuppressed(unsaved);
            }
        }
        return failure;
    }

    /**
     * One optimizer step; afterwards {@link #position} counts it.
     *
     * @param began when the step's rows were asked for, in nanoseconds
     */
    private StepMetrics optimize(StepPart<R> part, long began) {
        StepRows<R> rows = part.rows();
        StepPart.Report all = learnt(part);
        refuseUnlessFinite("loss", all.loss(), rows.microBatches());
        if (learners.world() > 1) {
            model.sumGradients(learners);
            for (Stateful state : parts) {
                if (state instanceof SharedState shared) {
                    shared.sum(learners);
                }
            }
        }
        double rate = schedule.at(position.step());
        double norm = model.step(rate, config.maxGradNorm());
        refuseUnlessFinite("grad_norm", norm, rows.microBatches());
        Map<String, Double> reported = Metric.values(all.metrics());
        model.stepMetrics().forEach((name, value) -> {
            refuseUnlessFinite(name, value, rows.microBatches());
            reported.put(name, value);
        });
        long tokens = position.tokens() + part.counts().tokens();
        position = new Position(position.step() + 1, totalSteps, rows.epoch(), tokens);
        return new StepMetrics(
                position.step(),
                totalSteps,
                rows.epoch(),
                tokens,
                secondsSince(began),
                all.loss(),
                norm,
                rate,
                reported);
    }

    /** Leaves the gradients of this learner's micro-batches in the model, divided by the totals of all learners. */
    private StepPart.Report learnt(StepPart<R> part) {
        StepPart.Report own;
        try {
            own = part.learn(pass, setting.interrupt(), placed());
        } catch (RuntimeException failure) {
            return agreed(StepPart.Report.failed(failure), failure);
        }
        return agreed(own, null);
    }

    private void report(StepMetrics step) {
        setting.store().record(step.row());
        savedIfItFails(
                () -> { // it may measure the model, which takes a scorer
                    setting.listener().onStep(step);
                    return step;
                });
        evaluateIf(isEvaluationDue());
        window.add(step);
        if (step.step() % config.loggingSteps() == 0) {
            setting.listener().onLog(window.drain());
        }
        boolean due = config.saveSteps() > 0 && step.step() % config.saveSteps() == 0;
        if (setting.store().takes(RunRequest.SAVE) || due) {
            EqualWeights.require(model::digest, learners, position.step());
            saveCheckpoint();
        }
    }

    private @Nullable Path saveCheckpoint() {
        Path saved = setting.store().saveCheckpoint(position, identity(), parts).orElse(null);
        if (saved != null && !saved.equals(newest)) { // the last step's may be there already
            newest = saved;
            setting.listener().onCheckpoint(position.step(), saved);
        }
        return saved;
    }

    private void stopIfAsked() {
        if (setting.interrupt().isRequested()) {
            model.discardGradients();
            throw new InterruptedRunException("interrupted after step " + position.step() + " of " + totalSteps + ", "
                    + savedWhere(saveCheckpoint()));
        }
    }

    private void refuseUnlessFinite(String what, double value, List<MicroBatch<R>> culprits) {
        if (!Double.isFinite(value)) {
            throw diverged(placed().notFinite(what, value, culprits));
        }
    }

    private StepPart.Place placed() {
        return new StepPart.Place(position.step() + 1, schedule.at(position.step()));
    }

    private DivergedException diverged(String found) {
        model.discardGradients();
        String lower = "Try a lower learning_rate, such as " + config.learningRate() / LOWER;
        Optional<String> broken = model.brokenWeights();
        if (broken.isPresent()) { // a state to go on from would be none
            String advice = position.step() == 0 ? "" : ". " + lower;
            String kept = newest == null ? "" : "; the newest checkpoint is " + newest;
            return new DivergedException(found + "; " + broken.get() + "; nothing saved" + kept + advice);
        }
        String problem = found + ". " + lower + ", with another output, or look at these rows";
        try {
            Path saved = saveCheckpoint();
            problem += saved == null ? "; nothing saved" : "; state saved in " + saved;
        } catch (RuntimeException unsaved) {
            DivergedException both = new DivergedException(problem + "; nothing saved: " + unsaved.getMessage());
            both.addSuppressed(unsaved);
            return both;
        }
        return new DivergedException(problem);
    }

    private static String savedWhere(@Nullable Path saved) {
        return saved == null ? "nothing saved" : "state saved in " + saved + "; continue with resume=true";
    }

    /** Bytes that the rest of the run writes at most: checkpoints that are there at a time, and the model. */
    private long spaceNeeded(int firstStep) {
        int steps = totalSteps - firstStep;
        long saves = config.saveSteps() == 0 ? 1 : 1L + steps / config.saveSteps();
        long kept = evaluations != null && config.evaluation().loadBestModelAtEnd()
                ? 1
                        + setting.store()
                                .checkpointsKept(saves + config.evaluation().during(steps))
                : setting.store().checkpointsKept(saves);
        double bytes = (double) kept * model.stateBytes() + model.modelBytes();
        return (long) bytes; // of more than a long holds, the largest
    }

    private double secondsSince(long began) {
        return (setting.nanoClock().getAsLong() - began) * 1e-9;
    }
}
