package ai.preceptor.rollout.actor;

import java.util.HashSet;
import java.util.Set;

/** Requests that an actor threw at, with none between that it did. For one thread. */
final class ActorFailures {
    private final Set<Long> places = new HashSet<>();
    private int times;

    /** One more, about the prompt at this place. */
    void add(long place) {
        times++;
        places.add(place);
    }

    /** It did one. */
    void forget() {
        times = 0;
        places.clear();
    }

    int times() {
        return times;
    }

    /** Whether they were about different prompts, so that not one prompt alone can be to blame. */
    boolean isOfSeveral() {
        return places.size() > 1;
    }
}
