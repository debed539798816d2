package ai.preceptor.rollout;

import ai.preceptor.data.Prompt;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.EncodedPrompt;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A run in simulated time: prompts are admitted, buffered and grow stale by the run's own {@link FlowControl}, actors and the
 * learner begin and end as {@link RolloutCoordinator} has it, and nothing is computed. For generators with weights of their own,
 * as workers have.
 *
 * <p>Left out: failures, processes that join or leave, reading prompts, messages.
 *
 * <p>Not thread-safe; a simulation runs once.
 */
public final class RolloutSimulation {
    /** Tasks that end within this share of their time of each other end together. */
    private static final double TOGETHER = 1e-9;

    private static final int[] TOKEN = {0};

    private final RolloutPlan plan;
    private final int generators;
    private final int scorers;
    private final SimulatedTimes times;
    private final FlowControl flow;
    private final TreeMap<Long, List<EncodedPrompt>> toGenerate = new TreeMap<>();
    private final TreeMap<Long, SampleGroup> toScore = new TreeMap<>();
    private final List<Task> tasks = new ArrayList<>();
    /** Seconds of all actors of a kind together. */
    private final Map<Kind, Double> busy = new EnumMap<>(Kind.class);

    private Phase phase = Phase.PULLING;
    private boolean refreshing;
    private double now;
    private int pulled;
    private long publications;
    private long begun;
    private long taken;
    private long stale;
    private double waited;
    private double published;

    /**
     * Simulates it.
     *
     * @param plan sizes, staleness and the seed
     * @param generators that sample, 1 or more
     * @param scorers that score, 1 or more
     * @param times of the parts
     */
    public RolloutSimulation(RolloutPlan plan, int generators, int scorers, SimulatedTimes times) {
        if (generators < 1 || scorers < 1) {
            throw new IllegalArgumentException(
                    "expected 1 generator and 1 scorer or more, received " + generators + " and " + scorers);
        }
        this.plan = plan;
        this.generators = generators;
        this.scorers = scorers;
        this.times = times;
        RolloutMeters meters = new RolloutMeters(new SimpleMeterRegistry(), plan);
        this.flow = new FlowControl(plan, 0, 0, meters, letter -> {
            throw new IllegalStateException("a simulated prompt cannot fail");
        });
        reset();
    }

    /**
     * Means over the steps of a simulated run.
     *
     * @param stepTime seconds between two batches that the learner begins with
     * @param learner share of the time in which the learner learns
     * @param generators share of the time in which a generator samples, mean over generators
     * @param scorers the same of scorers
     * @param waiting seconds of a step in which the learner waits for answers and scores
     * @param publishing seconds of a step in which it waits until its weights are published, for samples with the old ones too
     * @param staleness publications between sampling and learning, mean over prompts
     */
    public record SimulatedRun(
            double stepTime,
            double learner,
            double generators,
            double scorers,
            double waiting,
            double publishing,
            double staleness) {}

    private enum Kind {
        GENERATE,
        SCORE,
        LEARN,
        PUBLISH
    }

    /** What the learner does. */
    private enum Phase {
        PULLING,
        LEARNING,
        PUBLISHING
    }

    /** Work in progress. */
    private static final class Task {
        private final Kind kind;
        private final double seconds;
        private final Runnable done;
        private double left;

        Task(Kind kind, double seconds, Runnable done) {
            this.kind = kind;
            this.seconds = seconds;
            this.done = done;
            this.left = seconds;
        }
    }

    /**
     * Runs it.
     *
     * @param warmUp steps that begin before the mean does, 1 or more
     * @param steps that the mean covers, 1 or more
     */
    public SimulatedRun run(int warmUp, int steps) {
        pump();
        until(warmUp);
        reset();
        until(warmUp + (long) steps);
        return new SimulatedRun(
                now / steps,
                share(Kind.LEARN, 1),
                share(Kind.GENERATE, generators),
                share(Kind.SCORE, scorers),
                waited / steps,
                published / steps,
                (double) stale / taken);
    }

    /** Up to the moment at which the learner begins with a batch. */
    private void until(long batches) {
        while (begun < batches) {
            advance();
            pump();
        }
    }

    private double share(Kind kind, int actors) {
        return busy.getOrDefault(kind, 0.0) / actors / now;
    }

    private void reset() {
        now = 0;
        busy.clear();
        waited = 0;
        published = 0;
        taken = 0;
        stale = 0;
    }

    /** Goes on to the next end of a task. */
    private void advance() {
        if (tasks.isEmpty()) {
            throw new IllegalStateException("nothing can start: " + flow);
        }
        double rate = Math.min(1, times.cores() / Math.max(1, onCores()));
        double seconds = tasks.stream()
                .mapToDouble(task -> task.left / rate(task, rate))
                .min()
                .orElseThrow();
        for (Task task : tasks) {
            task.left -= seconds * rate(task, rate);
            busy.merge(task.kind, seconds, Double::sum);
        }
        now += seconds;
        waited += phase == Phase.PULLING ? seconds : 0;
        published += phase == Phase.PUBLISHING ? seconds : 0;
        List<Task> ended = tasks.stream()
                .filter(task -> task.left <= TOGETHER * task.seconds)
                .toList();
        tasks.removeAll(ended);
        ended.forEach(task -> task.done.run());
    }

    private long onCores() {
        return tasks.stream().filter(task -> task.kind != Kind.PUBLISH).count();
    }

    private static double rate(Task task, double shared) {
        return task.kind == Kind.PUBLISH ? 1 : shared;
    }

    private void start(Kind kind, double seconds, Runnable done) {
        tasks.add(new Task(kind, seconds, done));
    }

    private int working(Kind kind) {
        return (int) tasks.stream().filter(task -> task.kind == kind).count();
    }

    /** Starts what may start, in the coordinator's order. */
    private void pump() {
        collect();
        admit();
        while (mayGenerate() && !toGenerate.isEmpty() && working(Kind.GENERATE) < generators) {
            List<EncodedPrompt> prompts = toGenerate.pollFirstEntry().getValue();
            start(Kind.GENERATE, sampling(prompts), () -> sampled(prompts));
        }
        while (!toScore.isEmpty() && working(Kind.SCORE) < scorers) {
            SampleGroup group = toScore.pollFirstEntry().getValue();
            start(Kind.SCORE, times.scoring() / plan.promptsPerStep(), () -> flow.scored(group));
        }
        if (phase == Phase.PUBLISHING && !refreshing && mayRefresh()) {
            refreshing = true;
            start(Kind.PUBLISH, times.publication() + generators * times.transfer(), this::refreshed);
        }
        if (phase == Phase.PULLING && pulled == plan.promptsPerStep()) {
            pulled = 0;
            begun++;
            phase = Phase.LEARNING;
            start(Kind.LEARN, times.learning(), () -> phase = Phase.PUBLISHING);
        }
    }

    private void collect() {
        while (phase == Phase.PULLING && pulled < plan.promptsPerStep()) {
            Optional<SampleGroup> next = flow.take();
            if (next.isEmpty()) {
                return;
            }
            pulled++;
            taken++;
            stale += publications - next.get().round();
        }
    }

    private void admit() {
        for (List<EncodedPrompt> next = flow.nextResample(); !next.isEmpty(); next = flow.nextResample()) {
            toGenerate.put(next.get(0).index(), next);
        }
        for (Optional<ActorMessage.Feed> next = flow.nextFeed(); next.isPresent(); next = flow.nextFeed()) {
            feed(next.get());
        }
    }

    private void feed(ActorMessage.Feed feed) {
        List<EncodedPrompt> prompts = new ArrayList<>();
        for (long index = feed.from(); index < feed.from() + feed.count(); index++) {
            prompts.add(new EncodedPrompt(index, Prompt.plain("simulated"), TOKEN));
        }
        flow.fed(feed, new ActorMessage.Fed(prompts, List.of(), false));
        toGenerate.put(feed.from(), prompts);
    }

    private boolean mayGenerate() {
        return phase != Phase.PUBLISHING || (!refreshing && plan.onStale() == OnStale.WAIT);
    }

    private boolean mayRefresh() {
        boolean oldOnesNeeded = plan.onStale() == OnStale.WAIT && !flow.isSampledOut();
        return !oldOnesNeeded && working(Kind.GENERATE) == 0;
    }

    private void sampled(List<EncodedPrompt> prompts) {
        for (EncodedPrompt prompt : prompts) {
            toScore.put(prompt.index(), flow.sampled(prompt, List.of()));
        }
    }

    private void refreshed() {
        refreshing = false;
        publications++;
        flow.publish(publications);
        List<SampleGroup> old = toScore.values().stream().filter(flow::isStale).toList();
        old.forEach(group -> toScore.remove(group.index()));
        old.forEach(flow::dropInFlight);
        phase = Phase.PULLING;
    }

    private double sampling(List<EncodedPrompt> prompts) {
        double parts = prompts.stream().mapToDouble(this::factor).sum() / plan.promptsPerStep();
        return times.sampling() * (times.fixedShare() + (1 - times.fixedShare()) * parts);
    }

    /** Of a prompt's time: lognormal with mean 1, the same however often it is sampled. */
    private double factor(EncodedPrompt prompt) {
        double variance = Math.log1p(times.spread() * times.spread());
        double normal = new SplittableRandom(prompt.seed(plan.seed())).nextGaussian();
        return Math.exp(Math.sqrt(variance) * normal - variance / 2);
    }
}
