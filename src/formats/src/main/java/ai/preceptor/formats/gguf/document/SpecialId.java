package ai.preceptor.formats.gguf.document;

import ai.preceptor.formats.gguf.GgufMetadata;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Special tokens that metadata name by their ids. */
enum SpecialId {
    BOS("bos", "bos_token", 1),
    EOS("eos", "eos_token", 2),
    UNKNOWN("unknown", "unk_token", -1),
    PAD("padding", "pad_token", -1),
    /** End of a turn, which ends a generation too. */
    EOT("eot", "", -1);

    private final String key;
    private final String hubName;
    private final int sentencePiece;

    /** @param sentencePiece the id that a SentencePiece vocabulary has where the file does not say, -1 for none */
    SpecialId(String name, String hubName, int sentencePiece) {
        this.key = "tokenizer.ggml." + name + "_token_id";
        this.hubName = hubName;
        this.sentencePiece = sentencePiece;
    }

    /** Its key in {@code tokenizer_config.json}, empty when it has none. */
    String hubName() {
        return hubName;
    }

    OptionalLong of(GgufMetadata metadata) {
        OptionalLong id = metadata.whole(key);
        return id.isEmpty() && sentencePiece >= 0 && TokenModel.SENTENCE_PIECE.isOf(metadata)
                ? OptionalLong.of(sentencePiece)
                : id;
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
        return Stream.of(EOS, EOT)
                .flatMapToLong(end -> end.of(metadata).stream())
                .distinct()
                .boxed()
                .toList();
    }
}
