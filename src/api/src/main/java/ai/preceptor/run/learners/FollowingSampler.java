package ai.preceptor.run.learners;

import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.LostLearnerException;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.wire.SampleBytes;
import ai.preceptor.train.learners.LearnerFailedException;
import ai.preceptor.train.sampling.PolicySampler;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sampler of another learner: it answers its part of the prompts that learner 0 samples, and gets all that learner 0 got. */
public final class FollowingSampler implements PolicySampler {
    private static final Logger LOG = LoggerFactory.getLogger(FollowingSampler.class);

    private final GenerationEngine engine;
    private final Collective learners;
    private final StopFlag stopping;
    private long cursor;

    FollowingSampler(GenerationEngine engine, Collective learners, StopFlag stopping, long cursor) {
        this.engine = engine;
        this.learners = learners;
        this.stopping = stopping;
        this.cursor = cursor;
    }

    /** @throws LearnerFailedException if learner 0 failed */
    @Override
    public List<Trajectory> next(int prompts) {
        while (true) {
            SamplingMessage told = SamplingMessage.of(learners.ofFirst(new byte[0]));
            switch (told.kind()) {
                case GENERATE -> answer(told);
                case DONE -> {
                    cursor = told.cursor();
                    stopping.set(told.stopping());
                    return SampleBytes.trajectories(told.body());
                }
                case FAILED -> throw new LearnerFailedException("learner 0: " + told.words());
            }
        }
    }

    /** Learner 0 hears of a failure, and asks again or gives up. */
    private void answer(SamplingMessage told) {
        try {
            new SharedGeneration(engine, learners).answers(SampleBytes.request(told.body()));
        } catch (LearnerFailedException ofAnother) {
            LOG.debug("a request failed on another learner", ofAnother);
        } catch (LostLearnerException lost) {
            throw lost;
        } catch (RuntimeException failure) {
            LOG.warn("prompts could not be answered; learner 0 was told", failure);
        }
    }

    @Override
    public void publish(long version) {
        engine.refresh(version);
    }

    @Override
    public long cursor() {
        return cursor;
    }

    @Override
    public boolean reports() {
        return false;
    }

    @Override
    public void close() {
        engine.close();
    }
}
