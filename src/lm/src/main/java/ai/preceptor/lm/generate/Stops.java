package ai.preceptor.lm.generate;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Conditions that end a completion, besides the model's own end-of-sequence tokens.
 *
 * @param ids a token that ends it; it is the completion's last token
 * @param strings a text that ends it, even in the middle of a token. The completion's text ends before it; its tokens go on
 *     to the one that completed it
 */
public record Stops(Set<Integer> ids, List<String> strings) {
    /** Only the model's own ends of sequence. */
    public static final Stops NONE = new Stops(Set.of(), List.of());

    /** @throws IllegalArgumentException naming what is out of its range */
    public Stops {
        ids = Set.copyOf(ids);
        strings = List.copyOf(strings);
        ids.forEach(id -> SamplingOptions.require(id >= 0, "stop_ids", id, "token ids, 0 or more"));
        strings.forEach(text -> SamplingOptions.require(!text.isEmpty(), "stop", "\"\"", "texts that are not empty"));
    }

    /** Stops at token ids. */
    public static Stops atIds(int... ids) {
        return new Stops(Arrays.stream(ids).boxed().collect(Collectors.toSet()), List.of());
    }
}
