package ai.preceptor.rollout;

import ai.preceptor.data.TeacherException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Feeding: places in the run become prompts. A source that fails ends the run with its own exception. */
final class FeedWork implements Work<Order.Feed, Order.Fed> {
    private final Flow flow;
    private final Consumer<List<EncodedPrompt>> onward;

    /** @param onward takes the prompts of a request */
    FeedWork(Flow flow, Consumer<List<EncodedPrompt>> onward) {
        this.flow = flow;
        this.onward = onward;
    }

    @Override
    public String name() {
        return "feed";
    }

    @Override
    public long index(Order.Feed job) {
        return job.from();
    }

    @Override
    public Order<Order.Fed> order(Order.Feed job) {
        return job;
    }

    @Override
    public Optional<Failure> done(Order.Feed job, Order.Fed fed, long nanos) {
        flow.fed(job, fed);
        if (!fed.prompts().isEmpty()) {
            onward.accept(fed.prompts());
        }
        return Optional.empty();
    }

    @Override
    public void givenUp(Order.Feed job, Failure first) {
        throw new IllegalStateException("feed: prompt " + job.from() + " was given up, expected the run to end");
    }

    @Override
    public RuntimeException fatal(String reason, Throwable cause) {
        return cause instanceof RuntimeException same && !(same instanceof DeadlineException)
                ? same
                : new TeacherException("feed: " + reason, cause);
    }
}
