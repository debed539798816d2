package ai.preceptor.rollout;

import ai.preceptor.data.Prompt;
import ai.preceptor.rollout.actor.PromptSource;
import ai.preceptor.rollout.message.EncodedPrompt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Prompts of a list, repeated in epochs: in the list's order, or shuffled in each epoch. */
public final class ListedPrompts implements PromptSource {
    private final List<Prompt> prompts;
    private final boolean shuffle;
    private final long seed;
    private final long epochs;
    private List<Integer> order = List.of();
    private long orderEpoch = -1;

    /**
     * @param prompts at least one
     * @param shuffle whether each epoch is shuffled
     * @param seed of shuffling
     * @param epochs 1 or more; {@link Long#MAX_VALUE} for no end
     * @throws IllegalArgumentException if there is no prompt or no epoch
     */
    public ListedPrompts(List<Prompt> prompts, boolean shuffle, long seed, long epochs) {
        if (prompts.isEmpty() || epochs < 1) {
            throw new IllegalArgumentException(
                    "prompts: " + prompts.size() + ", epochs: " + epochs + ", expected at least 1 of each");
        }
        this.prompts = List.copyOf(prompts);
        this.shuffle = shuffle;
        this.seed = seed;
        this.epochs = epochs;
    }

    @Override
    public Optional<Prompt> at(long index) {
        long epoch = index / prompts.size();
        if (epoch >= epochs) {
            return Optional.empty();
        }
        int place = (int) (index % prompts.size());
        return Optional.of(prompts.get(shuffle ? order(epoch).get(place) : place));
    }

    /** Indices sorted by a random key each: a function of length, seed and epoch only. */
    private List<Integer> order(long epoch) {
        if (epoch != orderEpoch) {
            long[] keys = new long[prompts.size()];
            long drawn = EncodedPrompt.mix(EncodedPrompt.mix(seed) + epoch);
            for (int i = 0; i < keys.length; i++) {
                keys[i] = EncodedPrompt.mix(drawn + i);
            }
            List<Integer> places =
                    new ArrayList<>(IntStream.range(0, keys.length).boxed().toList());
            places.sort(Comparator.comparingLong(place -> keys[place]));
            order = places;
            orderEpoch = epoch;
        }
        return order;
    }
}
