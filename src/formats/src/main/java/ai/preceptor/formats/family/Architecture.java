package ai.preceptor.formats.family;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a checkpoint computes, by the name {@code config.json} gives under {@code architectures}.
 *
 * @param family the family it belongs to
 * @param head what stands above its hidden states
 */
public record Architecture(ModelFamily family, Head head) {
    /** Key of config.json: the labels are the members of an ensemble of so many rewards. */
    public static final String REWARD_HEADS = "reward_heads";

    /** Key of config.json of a process reward model: the text after each step. */
    public static final String STEP_SEPARATOR = "step_separator";

    /** Whether it gives scores instead of logits. */
    public boolean reward() {
        return head != Head.VOCABULARY;
    }

    /** Whether it gives scores of steps. */
    public boolean process() {
        return head == Head.PROCESS_REWARD;
    }

    /**
     * Its class name in transformers.
     *
     * @throws IllegalStateException if transformers has none; see {@link ModelFamily#has}
     */
    public String label() {
        return family.className(head)
                .orElseThrow(() -> new IllegalStateException(family.modelType() + " has no class for " + head));
    }

    static Optional<Architecture> named(ModelFamily family, String label) {
        return of(family).filter(each -> each.label().equals(label)).findFirst();
    }

    static Stream<Architecture> of(ModelFamily family) {
        return Arrays.stream(Head.values()).filter(family::has).map(head -> new Architecture(family, head));
    }
}
