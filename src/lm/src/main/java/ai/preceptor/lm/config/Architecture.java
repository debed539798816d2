package ai.preceptor.lm.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a checkpoint computes, by the name {@code config.json} gives under {@code architectures}. */
public enum Architecture {
    /** Logits of the next token. */
    LLAMA_CAUSAL_LM("LlamaForCausalLM", ModelFamily.LLAMA, false),
    /** One score of a whole text: a reward model. */
    LLAMA_REWARD("LlamaForSequenceClassification", ModelFamily.LLAMA, true);

    private final String label;
    private final ModelFamily family;
    private final boolean reward;

    Architecture(String label, ModelFamily family, boolean reward) {
        this.label = label;
        this.family = family;
        this.reward = reward;
    }

    /** Its class name in transformers. */
    public String label() {
        return label;
    }

    /** The family it belongs to. */
    public ModelFamily family() {
        return family;
    }

    /** True when it gives a score instead of logits. */
    public boolean reward() {
        return reward;
    }

    static List<Architecture> of(ModelFamily family) {
        return Arrays.stream(values()).filter(each -> each.family == family).toList();
    }

    static Architecture of(ModelFamily family, boolean reward) {
        return of(family).stream()
                .filter(each -> each.reward == reward)
                .findFirst()
                .orElseThrow();
    }

    static Optional<Architecture> named(ModelFamily family, String label) {
        return of(family).stream().filter(each -> each.label.equals(label)).findFirst();
    }
}
