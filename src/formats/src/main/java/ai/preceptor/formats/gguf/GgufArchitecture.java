package ai.preceptor.formats.gguf;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Architectures that are read, by {@code general.architecture}, with what Hugging Face calls the same. */
public enum GgufArchitecture {
    /** Llama and what is laid out like it (Mistral, SmolLM2). Rotary pairs lie side by side in queries and keys. */
    LLAMA("llama", "LlamaForCausalLM", true),
    QWEN2("qwen2", "Qwen2ForCausalLM", false),
    QWEN3("qwen3", "Qwen3ForCausalLM", false);

    private static final String KEY = "general.architecture";

    private final String label;
    private final String className;
    private final boolean interleaved;

    GgufArchitecture(String label, String className, boolean interleaved) {
        this.label = label;
        this.className = className;
        this.interleaved = interleaved;
    }

    /**
     * A file's architecture.
     *
     * @throws ai.preceptor.data.DataException when it is none of these
     */
    public static GgufArchitecture of(GgufFile file) {
        GgufMetadata metadata = file.metadata();
        String found = metadata.requireText(KEY);
        return Arrays.stream(values())
                .filter(each -> each.label.equals(found))
                .findFirst()
                .orElseThrow(() -> metadata.broken(KEY, "expected one of " + names() + ", found \"" + found + "\""));
    }

    private static String names() {
        return Arrays.stream(values()).map(each -> each.label).collect(Collectors.joining(", "));
    }

    /** Its {@code model_type}, which is also what its metadata keys begin with. */
    public String label() {
        return label;
    }

    /** Its class in transformers. */
    public String className() {
        return className;
    }

    /**
     * Whether rows of the query and key projections of a head are ordered by rotary pairs (0, d/2, 1, d/2 + 1, ...) and
     * not by halves.
     */
    public boolean interleaved() {
        return interleaved;
    }
}
