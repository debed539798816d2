package ai.preceptor.rollout;

import ai.preceptor.data.Completion;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.StageHandler;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadLetter;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The stage that samples completions: a group for each prompt of a request.
 *
 * @param next called with each group
 */
record GenerateHandler(RolloutPlan plan, FlowControl flow, RolloutMeters meters, Consumer<SampleGroup> next)
        implements StageHandler<List<EncodedPrompt>, List<List<Completion>>> {
    @Override
    public String name() {
        return "generate";
    }

    @Override
    public long index(List<EncodedPrompt> job) {
        return job.get(0).index();
    }

    @Override
    public ActorMessage<List<List<Completion>>> request(List<EncodedPrompt> job) {
        return new ActorMessage.Generate(job, plan.samplesPerPrompt(), plan.seed());
    }

    @Override
    public List<List<EncodedPrompt>> parts(List<EncodedPrompt> job) {
        return job.stream().map(List::of).toList();
    }

    @Override
    public Optional<Failure> done(List<EncodedPrompt> job, List<List<Completion>> answers, long nanos) {
        List<SampleGroup> groups = new ArrayList<>();
        for (int i = 0; i < job.size(); i++) {
            groups.add(flow.sampled(job.get(i), answers.get(i)));
        }
        meters.sampled(groups, nanos);
        groups.forEach(next);
        return Optional.empty();
    }

    @Override
    public void givenUp(List<EncodedPrompt> job, Failure first) {
        job.forEach(prompt -> flow.setAside(new DeadLetter(prompt.index(), prompt.prompt(), name(), first.cause())));
    }

    @Override
    public RuntimeException fatal(String reason, Throwable cause) {
        return new TeacherException("generate: " + reason, cause);
    }
}
