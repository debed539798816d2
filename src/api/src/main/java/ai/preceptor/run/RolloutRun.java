package ai.preceptor.run;

import ai.preceptor.data.UnownedScorer;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.rollout.DeadLetterLog;
import ai.preceptor.rollout.Engines;
import ai.preceptor.rollout.LanguageModelEngine;
import ai.preceptor.rollout.ListedPrompts;
import ai.preceptor.rollout.RolloutPlan;
import ai.preceptor.rollout.RolloutSetupBuilder;
import ai.preceptor.rollout.VertxRollouts;
import ai.preceptor.rollout.actor.ActorStats;
import ai.preceptor.rollout.actor.DeviceLease;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.worker.WorkerTerms;
import ai.preceptor.run.learners.SharedSampling;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.sampling.PolicySampler;
import ai.preceptor.train.sampling.StoppableSampler;
import ai.preceptor.vllm.VllmServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Starts the rollouts of a run with its first batch, and tells afterwards what became of them. The learner closes them. */
public final class RolloutRun implements PolicySampler.Opener {
    /** For workers, to fetch weights over a network and to load them. */
    private static final Duration LONGEST_FETCH = Duration.ofHours(1);

    private final RolloutSpec spec;
    private final SharedSampling learners;
    private final LoopSetting loop;
    private final AtomicInteger lettersBefore = new AtomicInteger();
    private final AtomicReference<@Nullable VertxRollouts> rollouts = new AtomicReference<>();

    /**
     * @param spec how it samples
     * @param learners with whom
     * @param loop whose run may be asked to stop
     */
    public RolloutRun(RolloutSpec spec, SharedSampling learners, LoopSetting loop) {
        this.spec = spec;
        this.learners = learners;
        this.loop = loop;
    }

    @Override
    public PolicySampler open(long cursor, long version) {
        return learners.isFollower()
                ? learners.following(engine(), cursor)
                : learners.leading(() -> leading(cursor, version));
    }

    private PolicySampler leading(long cursor, long version) {
        return spec.servers().isGiven() || spec.workers() != null
                ? StoppableSampler.open(loop, cursor, () -> rollouts(cursor, version))
                : rollouts(cursor, version);
    }

    private PolicySampler rollouts(long cursor, long version) {
        Torch torch = spec.student().torch();
        RolloutSetupBuilder builder = VertxRollouts.builder(spec.plan())
                .prompts(new ListedPrompts(
                        spec.prompts().fitting(),
                        spec.config().shuffle(),
                        spec.config().seed(),
                        Long.MAX_VALUE))
                .encoder(spec.student().encoder()::prompt)
                .scorers(() -> {
                    torch.bindThread(); // the scorer may be a model on this device
                    return new UnownedScorer(spec.scorer());
                })
                .registry(spec.registry())
                .deadLetters(letters(cursor))
                .firstIndex(cursor)
                .version(version);
        if (spec.recorded() != null) {
            return started(builder.engines(Engines.of(spec.recorded())), () -> {});
        }
        if (spec.servers().isGiven()) {
            return served(builder, version);
        }
        if (spec.generators() == 0 && spec.workers() == null) {
            return started(builder.engines(Engines.of(learners.shared(engine()))), () -> {});
        }
        GeneratorCopies copies = GeneratorCopies.of(spec.student(), spec.sampling(), version, spec.workers() != null);
        try {
            int generators = spec.generators();
            RolloutPlan plan = spec.plan();
            builder.lease(DeviceLease.separate()).engines(Engines.several(generators, now -> copies.open()));
            if (spec.workers() != null) {
                WorkerTerms terms = spec.workers().apply(Objects.requireNonNull(copies.files(), "asked for"));
                builder.workers(terms);
                generators += terms.atLeast();
                plan = plan.refreshedWithin(LONGEST_FETCH);
            }
            builder.plan(plan.dividedAmong(Math.max(1, generators)));
            return started(builder, copies::close);
        } catch (RuntimeException e) {
            copies.close();
            throw e;
        }
    }

    private PolicySampler served(RolloutSetupBuilder builder, long version) {
        VllmServers servers = ServedRollouts.open(
                spec.student(), spec.sampling(), spec.config().maxLength(), spec.servers(), spec.registry(), version);
        try {
            builder.plan(spec.plan()
                            .refreshedWithin(spec.servers().longestPush())
                            .dividedAmong(servers.engines()))
                    .lease(DeviceLease.separate())
                    .engines(Engines.several(servers.engines(), now -> servers.engine()));
            return started(builder, servers::close);
        } catch (RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    /** The student itself. */
    private GenerationEngine engine() {
        LoadedModel student = spec.student();
        return new LanguageModelEngine(student.torch(), student.generator(), spec.sampling());
    }

    private PolicySampler started(RolloutSetupBuilder builder, PolicyRollouts.Closing samplers) {
        VertxRollouts started = builder.build().start();
        rollouts.set(started);
        return new PolicyRollouts(started, samplers);
    }

    private Consumer<DeadLetter> letters(long cursor) {
        Path file = spec.deadLetters();
        if (file == null) {
            return letter -> {};
        }
        DeadLetterLog log = DeadLetterLog.open(file, cursor);
        lettersBefore.set(log.kept());
        return log;
    }

    /** What each actor has done in this process so far. */
    public List<ActorStats> actors() {
        VertxRollouts open = rollouts.get();
        return open == null ? List.of() : open.actors();
    }

    /** Prompts that this process could not have answered, each with its first cause; call when the run is done. */
    public List<DeadLetter> setAside() {
        VertxRollouts open = rollouts.get();
        if (open == null) {
            letters(Long.MAX_VALUE); // nothing was left to sample: all letters are earlier ones
            return List.of();
        }
        return open.deadLetters();
    }

    /** How many earlier processes of the run could not; known after {@link #setAside}. */
    public int setAsideBefore() {
        return lettersBefore.get();
    }
}
