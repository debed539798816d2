package ai.preceptor.lm.text;

import ai.preceptor.lm.files.ModelJson;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code tokenizer.json} as transformers would have it after loading: special tokens that only
 * {@code tokenizer_config.json} knows are added to it, and {@code add_bos_token} or {@code add_eos_token} given there
 * replace what it puts around a text.
 *
 * @param patched the changed file's text, or empty when the file is to be used as it is
 * @param ids every special token to its id
 * @param size one more than the largest id
 */
record TokenizerJson(Optional<String> patched, Map<String, Integer> ids, int size) {
    static TokenizerJson of(Path file, SpecialTokens special) {
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
        boolean around = special.addBos().isPresent() || special.addEos().isPresent();
        if (missing.isEmpty() && !around) {
            return new TokenizerJson(Optional.empty(), ids, size);
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
        if (around) {
            putAround(tree, special, ids);
        }
        return new TokenizerJson(Optional.of(tree.toString()), ids, size);
    }

    private static void putAround(ObjectNode tree, SpecialTokens special, Map<String, Integer> ids) {
        ObjectNode processor = tree.putObject("post_processor");
        processor.put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        ArrayNode pair = processor.putArray("pair");
        ObjectNode tokens = processor.putObject("special_tokens");
        String bos = special.addBos().orElse(false) ? special.named().get("bos_token") : null;
        String eos = special.addEos().orElse(false) ? special.named().get("eos_token") : null;
        for (String part : new String[] {"A", "B"}) {
            for (ArrayNode template : part.equals("A") ? new ArrayNode[] {single, pair} : new ArrayNode[] {pair}) {
                int type = part.equals("A") ? 0 : 1;
                if (bos != null) {
                    template.addObject()
                            .putObject("SpecialToken")
                            .put("id", bos)
                            .put("type_id", type);
                }
                template.addObject().putObject("Sequence").put("id", part).put("type_id", type);
                if (eos != null) {
                    template.addObject()
                            .putObject("SpecialToken")
                            .put("id", eos)
                            .put("type_id", type);
                }
            }
        }
        for (String token : new String[] {bos, eos}) {
            if (token != null && !tokens.has(token)) {
                ObjectNode entry = tokens.putObject(token).put("id", token);
                entry.putArray("ids").add(ids.get(token));
                entry.putArray("tokens").add(token);
            }
        }
    }
}
