package ai.preceptor.run.learners;

import ai.preceptor.data.Completion;
import ai.preceptor.lm.collective.Collective;
import ai.preceptor.rollout.actor.GenerationEngine;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.wire.SampleBytes;
import ai.preceptor.train.learners.LearnerFailedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The prompts of one request, answered by all learners: each has those whose place is its rank modulo the number of learners. */
record SharedGeneration(GenerationEngine own, Collective learners) {

    /** Each learner calls it with the same request. Those that fail throw what they met, the others that one failed. */
    List<List<Completion>> answers(ActorMessage.Generate request) {
        List<EncodedPrompt> mine = new ArrayList<>();
        for (int i = learners.rank(); i < request.prompts().size(); i += learners.world()) {
            mine.add(request.prompts().get(i));
        }
        SamplingMessage told;
        RuntimeException failure = null;
        try {
            List<List<Completion>> drawn =
                    mine.isEmpty() ? List.of() : own.generate(mine, request.samples(), request.seedBase());
            told = new SamplingMessage(SamplingMessage.Kind.DONE, 0, false, SampleBytes.ofCompletions(drawn));
        } catch (RuntimeException e) {
            failure = e;
            told = SamplingMessage.failed(e);
        }
        return joined(request.prompts().size(), learners.gather(told.bytes()), failure);
    }

    private List<List<Completion>> joined(int prompts, List<byte[]> all, @Nullable RuntimeException failure) {
        if (failure != null) {
            throw failure;
        }
        List<List<List<Completion>>> parts = new ArrayList<>();
        for (int rank = 0; rank < all.size(); rank++) {
            SamplingMessage part = SamplingMessage.of(all.get(rank));
            if (part.kind() == SamplingMessage.Kind.FAILED) {
                throw new LearnerFailedException("learner " + rank + ": " + part.words());
            }
            parts.add(SampleBytes.completions(part.body()));
        }
        List<List<Completion>> answers = new ArrayList<>();
        for (int i = 0; i < prompts; i++) {
            answers.add(parts.get(i % learners.world()).get(i / learners.world()));
        }
        return answers;
    }
}
