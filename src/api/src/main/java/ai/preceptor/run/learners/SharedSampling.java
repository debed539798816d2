package ai.preceptor.run.learners;

import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.policy.credit.GreedyAnswers;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.wire.SampleBytes;
import ai.preceptor.train.learners.LearnerFailedException;
import ai.preceptor.train.sampling.PolicySampler;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How one of several learners samples.
 *
 * @param learners all of them
 * @param stopping whether a stop was asked for, as all know it
 */
public record SharedSampling(Collective learners, BooleanSupplier stopping) {
    /**
     * @param asked whether a stop was asked for in this process
     */
    public static SharedSampling of(Collective learners, BooleanSupplier asked) {
        return new SharedSampling(learners, learners.world() == 1 ? asked : new StopFlag(asked));
    }

    /** Whether this learner takes part in another one's sampling. */
    public boolean isFollower() {
        return learners.rank() > 0;
    }

    /** The engine of learner 0. */
    public GenerationEngine shared(GenerationEngine own) {
        return learners.world() == 1 ? own : new SharedEngine(own, learners);
    }

    /**
     * The sampler of learner 0.
     *
     * @param opening opens its own
     */
    public PolicySampler leading(Supplier<PolicySampler> opening) {
        if (learners.world() == 1) {
            return opening.get();
        }
        PolicySampler own;
        try {
            own = opening.get();
        } catch (RuntimeException e) {
            throw LeadingSampler.told(e, learners);
        }
        return new LeadingSampler(own, learners, (StopFlag) stopping);
    }

    /**
     * The sampler of another learner.
     *
     * @param engine answers its part of the prompts
     * @param cursor place of the first prompt
     */
    public PolicySampler following(GenerationEngine engine, long cursor) {
        return new FollowingSampler(engine, learners, (StopFlag) stopping, cursor);
    }

    /** Greedy answers: learner 0 samples and scores them. */
    public GreedyAnswers greedy(GreedyAnswers own) {
        return learners.world() == 1
                ? own
                : asked -> {
                    SamplingMessage told;
                    RuntimeException failure = null;
                    try {
                        List<Trajectory> answers = isFollower() ? List.of() : own.to(asked);
                        told = new SamplingMessage(
                                SamplingMessage.Kind.DONE, 0, false, SampleBytes.ofTrajectories(answers));
                    } catch (RuntimeException e) {
                        failure = e;
                        told = SamplingMessage.failed(e);
                    }
                    SamplingMessage first = SamplingMessage.of(learners.ofFirst(told.bytes()));
                    if (failure != null) {
                        throw failure;
                    }
                    if (first.kind() == SamplingMessage.Kind.FAILED) {
                        throw new LearnerFailedException("learner 0: " + first.words());
                    }
                    return SampleBytes.trajectories(first.body());
                };
    }
}
