package ai.preceptor.rollout.actor;

import java.util.HashSet;
import java.util.Set;

/** Requests in a row at which one actor threw. For one thread. */
final class ActorFailures {
    private final Set<Long> places = new HashSet<>();
    private int count;

    /** Counts one, about the prompt at this index. */
    void add(long place) {
        count++;
        places.add(place);
    }

    /** Ends the row: a request succeeded. */
    void reset() {
        count = 0;
        places.clear();
    }

    int count() {
        return count;
    }

    /** Whether they were about different prompts, so that the cause cannot be a single prompt. */
    boolean concernsSeveralPrompts() {
        return places.size() > 1;
    }
}
