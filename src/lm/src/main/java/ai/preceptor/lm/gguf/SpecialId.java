package ai.preceptor.lm.gguf;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Special tokens that metadata name by their ids. */
enum SpecialId {
    BOS("bos", "bos_token"),
    EOS("eos", "eos_token"),
    UNKNOWN("unknown", "unk_token"),
    PAD("padding", "pad_token"),
    /** End of a turn, which ends a generation too. */
    EOT("eot", "");

    private final String key;
    private final String hubName;

    SpecialId(String name, String hubName) {
        this.key = "tokenizer.ggml." + name + "_token_id";
        this.hubName = hubName;
    }

    /** Its key in {@code tokenizer_config.json}, empty when it has none. */
    String hubName() {
        return hubName;
    }

    OptionalLong of(GgufMetadata metadata) {
        return metadata.whole(key);
    }

    /** The token of this id, or null when the file names none. */
    @Nullable
    String token(GgufMetadata metadata, List<String> tokens) {
        OptionalLong id = of(metadata);
        if (id.isEmpty()) {
            return null;
        }
        if (id.getAsLong() >= tokens.size()) {
            throw metadata.broken(key, "expected an id from 0 to " + (tokens.size() - 1) + ", found " + id.getAsLong());
        }
        return tokens.get((int) id.getAsLong());
    }

    /** Ids that end a generation: the end of sequence, and the end of a turn. */
    static List<Long> ends(GgufMetadata metadata) {
        List<Long> ends = new ArrayList<>();
        Stream.of(EOS, EOT)
                .forEach(end -> end.of(metadata).ifPresent(id -> {
                    if (!ends.contains(id)) {
                        ends.add(id);
                    }
                }));
        return ends;
    }
}
