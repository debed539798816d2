package ai.preceptor.lm.text;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.io.ModelDocument;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code tokenizer.json} as transformers would have it after loading: special tokens that only
 * {@code tokenizer_config.json} knows are added to it. What is put around a text is the file's own affair:
 * {@code add_bos_token} and {@code add_eos_token} beside it count no more than they do there.
 *
 * @param patched the changed file's text, or empty when the file is to be used as it is
 * @param ids every special token to its id
 * @param control ids of all tokens that were added to the vocabulary and are more than white space: special ones, and marks
 *     such as {@code <tool_call>}
 * @param size one more than the largest id
 */
record TokenizerJson(Optional<String> patched, Map<String, Integer> ids, Set<Integer> control, int size) {
    /** @throws DataException naming the directory when it holds none */
    static ModelDocument in(ModelFiles files) {
        return files.find(Tokenizer.FILE)
                .orElseThrow(() -> DataException.in(files.directory(), "holds no " + Tokenizer.FILE));
    }

    /** Whether a part of the file is of a type, or has one of that type below it in a list of parts. */
    static boolean has(String type, JsonNode part, String list) {
        if (part.path("type").asText().equals(type)) {
            return true;
        }
        for (JsonNode inner : part.path(list)) {
            if (has(type, inner, list)) {
                return true;
            }
        }
        return false;
    }

    static TokenizerJson of(ModelDocument file, SpecialTokens special) {
        TokenizerScan scan = TokenizerScan.of(file, special.all());
        Map<String, Integer> ids = new LinkedHashMap<>();
        Map<String, Integer> missing = new LinkedHashMap<>();
        int size = scan.size();
        for (String token : special.all()) {
            Integer id = scan.added().get(token);
            if (id == null) {
                Integer known = scan.ids().get(token);
                id = known == null ? size++ : known;
                missing.put(token, id);
            }
            ids.put(token, id);
        }
        if (missing.isEmpty()) {
            return new TokenizerJson(Optional.empty(), ids, control(scan, ids), size);
        }
        ObjectNode tree = ModelJson.read(file);
        ArrayNode added = tree.withArray("added_tokens");
        missing.forEach((token, id) -> added.addObject()
                .put("id", id)
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true));
        return new TokenizerJson(Optional.of(tree.toString()), ids, control(scan, ids), size);
    }

    private static Set<Integer> control(TokenizerScan scan, Map<String, Integer> special) {
        Set<Integer> control = new HashSet<>(special.values());
        scan.added().forEach((token, id) -> {
            if (!token.isBlank()) {
                control.add(id);
            }
        });
        return Set.copyOf(control);
    }
}
