package ai.preceptor.formats.gguf;

import java.util.List;

/**
 * A tensor's entry in a file's header.
 *
 * @param name its name
 * @param type element type
 * @param dimensions outermost first, as Hugging Face has them (the file lists them innermost first); each at least 1
 * @param offset where its first byte lies, counted from the start of the file
 * @param bytes its length in the file
 * @param part which of the model's files holds it, from 0 on
 */
public record GgufTensor(String name, GgufType type, List<Long> dimensions, long offset, long bytes, int part) {
    /** Copies the dimensions. */
    public GgufTensor {
        dimensions = List.copyOf(dimensions);
    }

    /** Number of elements. */
    public long elements() {
        return bytes / type.blockBytes() * type.blockElements();
    }
}
