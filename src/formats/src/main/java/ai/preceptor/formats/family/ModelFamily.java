package ai.preceptor.formats.family;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Families of decoders, by {@code model_type} in {@code config.json}. */
public enum ModelFamily {
    LLAMA("llama", "Llama", new Llama()),
    MISTRAL("mistral", "Mistral", new Mistral()),
    QWEN2("qwen2", "Qwen2", new Qwen(2)),
    QWEN3("qwen3", "Qwen3", new Qwen(3)),
    GEMMA3("gemma3_text", "Gemma3ForCausalLM", "Gemma3TextForSequenceClassification", null, new Gemma3()),
    OLMO2("olmo2", "Olmo2ForCausalLM", "Olmo2ForSequenceClassification", null, new Olmo2()),
    SMOLLM3("smollm3", "SmolLM3", new SmolLm3()),
    PHI3("phi3", "Phi3", new Phi3()),
    GPT2("gpt2", "GPT2LMHeadModel", "GPT2ForSequenceClassification", "GPT2ForTokenClassification", new Gpt2()),
    GPT_NEOX("gpt_neox", "GPTNeoX", new GptNeoX());

    private final String modelType;
    private final String causal;
    private final String reward;
    private final @Nullable String process;

    @SuppressWarnings("ImmutableEnumChecker") // families have no state of their own
    private final Family family;

    ModelFamily(String modelType, String prefix, Family family) {
        this(
                modelType,
                prefix + "ForCausalLM",
                prefix + "ForSequenceClassification",
                prefix + "ForTokenClassification",
                family);
    }

    /** @param process null where transformers has no class for labels of tokens */
    ModelFamily(String modelType, String causal, String reward, @Nullable String process, Family family) {
        this.modelType = modelType;
        this.causal = causal;
        this.reward = reward;
        this.process = process;
        this.family = family;
    }

    /** Its {@code model_type}. */
    public String modelType() {
        return modelType;
    }

    /** Key of {@code config.json} for the number of layers. */
    public String layersKey() {
        return family.layersKey();
    }

    /** Names of its tensors in checkpoints. */
    public TensorNames tensorNames() {
        return family.names();
    }

    /** Whether the row of the padding token learns nothing from being read, as where transformers has a padding index. */
    public boolean freezesPadding() {
        return family.freezesPadding();
    }

    /** Whether transformers has a class for a model of it with this head. */
    public boolean has(Head head) {
        return className(head).isPresent();
    }

    /** Name of the module that labels tokens. */
    public String labelHead() {
        return family.labelHead();
    }

    /** The class that transformers calls a model of it with this head; empty where it has none. */
    Optional<String> className(Head head) {
        return switch (head) {
            case VOCABULARY -> Optional.of(causal);
            case REWARD -> Optional.of(reward);
            case PROCESS_REWARD -> Optional.ofNullable(process);
        };
    }

    Family rules() {
        return family;
    }

    static Optional<ModelFamily> named(String modelType) {
        return Arrays.stream(values())
                .filter(family -> family.modelType.equals(modelType))
                .findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(ModelFamily::modelType).collect(Collectors.joining(", "));
    }
}
