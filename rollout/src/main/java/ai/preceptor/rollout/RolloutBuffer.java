package ai.preceptor.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Scored groups for the learner, delivered in the order of the prompts whatever order they arrive in. For one thread.
 */
final class RolloutBuffer {
    private final TreeMap<Long, Optional<SampleGroup>> places = new TreeMap<>();
    private int ready;

    /** A group with this index will arrive. */
    void expect(long index) {
        places.put(index, Optional.empty());
    }

    /**
     * Adds a group.
     *
     * @throws IllegalStateException if it was not expected, or has arrived already
     */
    void put(SampleGroup group) {
        Optional<SampleGroup> place = places.get(group.index());
        if (place == null || place.isPresent()) {
            throw new IllegalStateException(
                    "prompt " + group.index() + ": a group came " + (place == null ? "that nobody expects" : "twice"));
        }
        places.put(group.index(), Optional.of(group));
        ready++;
    }

    /** The group with this index will not arrive. */
    void forget(long index) {
        places.remove(index);
    }

    /** Takes the group of the lowest expected index, if it has arrived. */
    Optional<SampleGroup> poll() {
        Map.Entry<Long, Optional<SampleGroup>> first = places.firstEntry();
        if (first == null || first.getValue().isEmpty()) {
            return Optional.empty();
        }
        places.pollFirstEntry();
        ready--;
        return first.getValue();
    }

    /** Removes matching groups, which are then expected again. In the order of the prompts. */
    List<SampleGroup> evict(Predicate<SampleGroup> which) {
        List<SampleGroup> evicted = new ArrayList<>();
        places.values().forEach(place -> place.filter(which).ifPresent(evicted::add));
        evicted.forEach(group -> expect(group.index()));
        ready -= evicted.size();
        return evicted;
    }

    /** Groups that have arrived. */
    int ready() {
        return ready;
    }

    /** True if no group is waiting or expected. */
    boolean isEmpty() {
        return places.isEmpty();
    }
}
