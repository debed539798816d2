package ai.preceptor.formats.family;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a checkpoint computes, by the name {@code config.json} gives under {@code architectures}.
 *
 * @param family the family it belongs to
 * @param reward true when it gives one score of a whole text (a reward model) instead of logits of the next token
 */
public record Architecture(ModelFamily family, boolean reward) {
    /** Key of config.json: the labels are the members of an ensemble of so many rewards. */
    public static final String REWARD_HEADS = "reward_heads";

    /** Its class name in transformers. */
    public String label() {
        return family.className(reward);
    }

    static Optional<Architecture> named(ModelFamily family, String label) {
        return of(family).filter(each -> each.label().equals(label)).findFirst();
    }

    static Stream<Architecture> of(ModelFamily family) {
        return Stream.of(new Architecture(family, false), new Architecture(family, true));
    }
}
