package ai.preceptor.lm.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Families of decoders, by {@code model_type} in {@code config.json}. */
public enum ModelFamily {
    /** RMSNorm before each block, rotary positions, grouped queries, SwiGLU. */
    LLAMA("llama");

    private final String modelType;

    ModelFamily(String modelType) {
        this.modelType = modelType;
    }

    /** Its {@code model_type}. */
    public String modelType() {
        return modelType;
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
