package ai.preceptor.run.learners;

import ai.preceptor.data.Completion;
import ai.preceptor.data.TeacherException;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.lm.collective.LostLearnerException;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.wire.SampleBytes;
import java.util.List;
import java.util.OptionalLong;

/**
 * The engine of learner 0, which has the other learners answer their part of each request. Its samples are those of {@code own}
 * alone, since each prompt has a seed of its own. The learner's thread, which uses {@code learners} too, waits meanwhile.
 */
public final class SharedEngine implements GenerationEngine {
    private final GenerationEngine own;
    private final Collective learners;

    /**
     * @param own of this learner
     * @param learners this one is of rank 0, and the others are inside {@link FollowingSampler#next}
     */
    public SharedEngine(GenerationEngine own, Collective learners) {
        this.own = own;
        this.learners = learners;
    }

    @Override
    public void start() {
        own.start();
    }

    /** @throws TeacherException if a learner is lost */
    @Override
    public List<List<Completion>> generate(List<EncodedPrompt> prompts, int samples, long seedBase) {
        ActorMessage.Generate request = new ActorMessage.Generate(prompts, samples, seedBase);
        try {
            learners.ofFirst(
                    new SamplingMessage(SamplingMessage.Kind.GENERATE, 0, false, SampleBytes.ofRequest(request))
                            .bytes());
            return new SharedGeneration(own, learners).answers(request);
        } catch (LostLearnerException lost) {
            throw new TeacherException(String.valueOf(lost.getMessage()), lost);
        }
    }

    @Override
    public void refresh(long version) {
        own.refresh(version);
    }

    /** Of this learner's part; unknown while it waits for the others, which {@code learners} does not do forever. */
    @Override
    public OptionalLong steps() {
        return own.steps();
    }

    @Override
    public void cancel() {
        own.cancel();
    }

    @Override
    public void close() {
        own.close();
    }
}
