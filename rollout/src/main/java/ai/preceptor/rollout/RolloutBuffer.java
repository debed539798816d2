package ai.preceptor.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Scored groups on their way to the learner, who gets them in the order of the prompts whatever order they come in. For
 * one thread.
 */
final class RolloutBuffer {
    private final TreeMap<Long, Optional<Group>> places = new TreeMap<>();
    private int ready;

    /** A group for this place will come. */
    void expect(long index) {
        places.put(index, Optional.empty());
    }

    /**
     * It has come.
     *
     * @throws IllegalStateException if it was not expected, or is here already
     */
    void put(Group group) {
        Optional<Group> place = places.get(group.index());
        if (place == null || place.isPresent()) {
            throw new IllegalStateException(
                    "prompt " + group.index() + ": a group came " + (place == null ? "that nobody expects" : "twice"));
        }
        places.put(group.index(), Optional.of(group));
        ready++;
    }

    /** It will not come. */
    void forget(long index) {
        places.remove(index);
    }

    /** Takes the group of the lowest place, if it has come. */
    Optional<Group> poll() {
        Map.Entry<Long, Optional<Group>> first = places.firstEntry();
        if (first == null || first.getValue().isEmpty()) {
            return Optional.empty();
        }
        places.pollFirstEntry();
        ready--;
        return first.getValue();
    }

    /** Takes out what is of no use; it is expected again. In the order of the prompts. */
    List<Group> evict(Predicate<Group> useless) {
        List<Group> evicted = new ArrayList<>();
        places.values().forEach(place -> place.filter(useless).ifPresent(evicted::add));
        evicted.forEach(group -> expect(group.index()));
        ready -= evicted.size();
        return evicted;
    }

    /** Groups that have come. */
    int ready() {
        return ready;
    }

    /** True if nothing has come that was not taken, and nothing is expected. */
    boolean isEmpty() {
        return places.isEmpty();
    }
}
