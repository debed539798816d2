package ai.preceptor.run.learners;

import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.LostLearnerException;
import ai.preceptor.rollout.wire.SampleBytes;
import ai.preceptor.train.sampling.PolicySampler;
import java.util.List;

/**
 * The sampler of learner 0, which tells the others what it got.
 *
 * @param own samples and scores
 * @param stopping receives, with each batch, whether a stop was asked for by then: all learners act on that
 */
record LeadingSampler(PolicySampler own, Collective learners, StopFlag stopping) implements PolicySampler {
    @Override
    public List<Trajectory> next(int prompts) {
        SamplingMessage told;
        List<Trajectory> answers;
        try {
            answers = own.next(prompts);
            told = new SamplingMessage(
                    SamplingMessage.Kind.DONE, own.cursor(), stopping.look(), SampleBytes.ofTrajectories(answers));
        } catch (RuntimeException e) {
            throw told(e, learners);
        }
        learners.ofFirst(told.bytes());
        return answers;
    }

    @Override
    public void publish(long version) {
        try {
            own.publish(version);
        } catch (RuntimeException e) {
            throw told(e, learners);
        }
    }

    /**
     * Tells a failure to the others, who wait for the next batch, unless one of them is lost.
     *
     * @return what to throw
     */
    static RuntimeException told(RuntimeException failure, Collective learners) {
        if (failure.getCause() instanceof LostLearnerException lost) {
            return lost;
        }
        learners.ofFirst(SamplingMessage.failed(failure).bytes());
        return failure;
    }

    @Override
    public long cursor() {
        return own.cursor();
    }

    @Override
    public void close() {
        own.close();
    }
}
