package ai.preceptor.formats.family;

import ai.preceptor.formats.io.JsonFields;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Activations of feed-forward blocks, by the names configurations use. */
public enum Activation {
    /** {@code x * sigmoid(x)}. */
    SILU(0, "silu swish"),
    /** {@code x * Phi(x)}. */
    GELU(1, "gelu gelu_python"),
    /** GELU by its approximation with tanh. */
    GELU_TANH(2, "gelu_pytorch_tanh gelu_new gelu_fast"),
    /** {@code max(0, x)}. */
    RELU(3, "relu");

    /** Separated by spaces. */
    private final String names;

    private final int code;

    Activation(int code, String names) {
        this.code = code;
        this.names = names;
    }

    /** The number kernels know it by. */
    public int code() {
        return code;
    }

    private List<String> names() {
        return List.of(names.split(" "));
    }

    /** Reads a key whose default is {@code otherwise}. */
    static Activation read(JsonFields fields, String key, Activation otherwise) {
        String name = fields.text(key).orElse(otherwise.names().get(0));
        for (Activation activation : values()) {
            if (activation.names().contains(name)) {
                return activation;
            }
        }
        String legal = Arrays.stream(values())
                .flatMap(each -> each.names().stream())
                .map(each -> "\"" + each + "\"")
                .collect(Collectors.joining(", "));
        fields.problem(key, "expected one of " + legal + ", found \"" + name + "\"");
        return otherwise;
    }
}
