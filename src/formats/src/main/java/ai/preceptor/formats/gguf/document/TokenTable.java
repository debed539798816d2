package ai.preceptor.formats.gguf.document;

import ai.preceptor.formats.gguf.GgufMetadata;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A file's tokens in the order of their ids, each once, and each with its type. */
final class TokenTable {
    static final String TOKENS = "tokenizer.ggml.tokens";
    static final String TYPES = "tokenizer.ggml.token_type";

    // Types of tokens, by the numbers files give them.
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int USER_DEFINED = 4;
    static final int UNUSED = 5;

    private final GgufMetadata metadata;
    private final List<String> tokens;
    private final int[] types;

    private TokenTable(GgufMetadata metadata, List<String> tokens, int[] types) {
        this.metadata = metadata;
        this.tokens = tokens;
        this.types = types;
    }

    /**
     * Reads and checks both lists.
     *
     * @throws ai.preceptor.data.DataException when they are of different lengths, or a token is there twice
     */
    static TokenTable of(GgufMetadata metadata) {
        List<String> tokens = metadata.texts(TOKENS);
        int[] types = metadata.ints(TYPES);
        if (types.length != 0 && types.length != tokens.size()) {
            throw metadata.broken(
                    TYPES, "expected one for each of the " + tokens.size() + " tokens, found " + types.length);
        }
        Set<String> seen = new HashSet<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (!seen.add(tokens.get(id))) {
                throw metadata.broken(TOKENS, "token " + id + " \"" + tokens.get(id) + "\" is there twice");
            }
        }
        return new TokenTable(metadata, tokens, types);
    }

    /** Where they come from. */
    GgufMetadata metadata() {
        return metadata;
    }

    List<String> tokens() {
        return tokens;
    }

    int size() {
        return tokens.size();
    }

    String token(int id) {
        return tokens.get(id);
    }

    /** Whether the file says of what type they are; otherwise all are normal. */
    boolean typed() {
        return types.length > 0;
    }

    int type(int id) {
        return types.length == 0 ? NORMAL : types[id];
    }

    /** Whether a token only fills one of the embedding's last rows. */
    boolean fills(int id) {
        return type(id) == UNUSED && token(id).equals("[PAD" + id + "]");
    }

    /** Ids by token, without those that only fill. */
    Map<String, Integer> ids() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        for (int id = 0; id < size(); id++) {
            if (!fills(id)) {
                ids.put(token(id), id);
            }
        }
        return ids;
    }
}
