package ai.preceptor.rollout;

import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.StageHandler;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.DeadlineException;
import ai.preceptor.rollout.message.EncodedPrompt;
import ai.preceptor.rollout.message.Failure;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The stage that reads and encodes prompts. A source that fails ends the run with its own exception.
 *
 * @param next called with the prompts of a request
 */
record FeedHandler(FlowControl flow, Consumer<List<EncodedPrompt>> next)
        implements StageHandler<ActorMessage.Feed, ActorMessage.Fed> {
    @Override
    public String name() {
        return "feed";
    }

    @Override
    public long index(ActorMessage.Feed job) {
        return job.from();
    }

    @Override
    public ActorMessage<ActorMessage.Fed> request(ActorMessage.Feed job) {
        return job;
    }

    @Override
    public Optional<Failure> done(ActorMessage.Feed job, ActorMessage.Fed fed, long nanos) {
        flow.fed(job, fed);
        if (!fed.prompts().isEmpty()) {
            next.accept(fed.prompts());
        }
        return Optional.empty();
    }

    @Override
    public void givenUp(ActorMessage.Feed job, Failure first) {
        throw new IllegalStateException("feed: prompt " + job.from() + " was given up, expected the run to end");
    }

    @Override
    public RuntimeException fatal(String reason, Throwable cause) {
        return cause instanceof RuntimeException same && !(same instanceof DeadlineException)
                ? same
                : new TeacherException("feed: " + reason, cause);
    }
}
