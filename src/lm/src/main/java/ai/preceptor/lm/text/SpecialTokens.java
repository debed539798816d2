package ai.preceptor.lm.text;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.io.ModelDocument;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The special tokens of {@code tokenizer_config.json}, or, where they are missing there, of
 * {@code special_tokens_map.json}.
 *
 * @param named from {@code bos_token}, {@code eos_token} and so on to the token, in this order; absent where none
 * @param extra further special tokens
 */
record SpecialTokens(Map<String, String> named, List<String> extra) {
    static final String CONFIG = "tokenizer_config.json";
    private static final String MAP = "special_tokens_map.json";
    private static final List<String> NAMES =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    /** Reads a model; all is empty where neither file is there. */
    static SpecialTokens read(ModelFiles files) {
        ModelDocument configDocument = files.find(CONFIG).orElse(null);
        Path file = configDocument == null ? files.directory().resolve(CONFIG) : configDocument.place();
        ObjectNode config = configDocument == null ? null : ModelJson.read(configDocument);
        ModelDocument mapDocument = files.find(MAP).orElse(null);
        Path mapFile = mapDocument == null ? files.directory().resolve(MAP) : mapDocument.place();
        ObjectNode map = mapDocument == null ? null : ModelJson.read(mapDocument);
        Map<String, String> named = new LinkedHashMap<>();
        for (String name : NAMES) {
            if (config != null && config.hasNonNull(name)) {
                named.put(name, token(file, name, config.get(name)));
            } else if (map != null && map.hasNonNull(name) && (config == null || !config.has(name))) {
                named.put(name, token(mapFile, name, map.get(name)));
            }
        }
        if (config != null && config.path("split_special_tokens").asBoolean(false)) {
            throw DataException.in(file, "key \"split_special_tokens\": expected false, found true");
        }
        return new SpecialTokens(Collections.unmodifiableMap(named), config == null ? List.of() : extra(file, config));
    }

    private static List<String> extra(Path file, ObjectNode config) {
        List<String> tokens = new ArrayList<>();
        for (String key : List.of("extra_special_tokens", "additional_special_tokens")) {
            JsonNode value = config.path(key);
            if (value.isArray() || value.isObject()) {
                value.forEach(token -> tokens.add(token(file, key, token)));
            }
        }
        return List.copyOf(tokens);
    }

    /** A token is a string, or an object that holds it as its content. */
    private static String token(Path file, String key, JsonNode value) {
        JsonNode content = value.isObject() ? value.path("content") : value;
        if (!content.isTextual() || content.textValue().isEmpty()) {
            throw DataException.in(
                    file,
                    "key \"" + key + "\": expected a token or an object with its content, found "
                            + ModelJson.describe(content));
        }
        return content.textValue();
    }

    /** Every special token once, named ones first. */
    List<String> all() {
        List<String> all = new ArrayList<>(named.values());
        all.addAll(extra);
        return all.stream().distinct().toList();
    }
}
