package ai.preceptor.formats.gguf.document;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.gguf.GgufFile;
import ai.preceptor.formats.gguf.GgufMetadata;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** A file's vocabulary as {@code tokenizer.json} and {@code tokenizer_config.json}. */
final class GgufVocabulary {
    private static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
    private static final String ADD_EOS = "tokenizer.ggml.add_eos_token";

    private final GgufMetadata metadata;
    private final TokenModel model;
    private final TokenTable table;

    private GgufVocabulary(GgufMetadata metadata) {
        this.metadata = metadata;
        this.model = TokenModel.of(metadata);
        this.table = TokenTable.of(metadata);
    }

    /**
     * The vocabulary of a file.
     *
     * @return empty when it has none
     * @throws DataException when it is of a kind that is not read
     */
    static Optional<GgufVocabulary> of(GgufFile file) {
        GgufMetadata metadata = file.metadata();
        if (!metadata.has(TokenModel.KEY) || !metadata.has(TokenTable.TOKENS)) {
            return Optional.empty();
        }
        return Optional.of(new GgufVocabulary(metadata));
    }

    /** The tree of {@code tokenizer.json}. */
    ObjectNode tokenizer() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("version", "1.0");
        json.putNull("truncation");
        json.putNull("padding");
        putAdded(json.putArray("added_tokens"));
        model.put(json, table);
        json.set("post_processor", postProcessor());
        return json;
    }

    private void putAdded(ArrayNode added) {
        for (int id = 0; id < table.size(); id++) {
            boolean special = table.type(id) == TokenTable.CONTROL || model.isUnknown(table, id);
            boolean userDefined = table.type(id) == TokenTable.USER_DEFINED;
            if ((special || userDefined) && !table.token(id).isEmpty()) {
                added.addObject()
                        .put("id", id)
                        .put("content", table.token(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", special);
            }
        }
    }

    /** What is put around a text: a begin and an end of sequence, where the file asks for them. */
    private ObjectNode postProcessor() {
        String bos = around(SpecialId.BOS, metadata.flag(ADD_BOS).orElse(model.addsBos(metadata)));
        String eos = around(SpecialId.EOS, metadata.flag(ADD_EOS).orElse(false));
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "TemplateProcessing");
        for (String kind : List.of("single", "pair")) {
            ArrayNode template = json.putArray(kind);
            for (String sequence : kind.equals("single") ? List.of("A") : List.of("A", "B")) {
                int type = sequence.equals("A") ? 0 : 1;
                putSpecial(template, bos, type);
                template.addObject().putObject("Sequence").put("id", sequence).put("type_id", type);
                putSpecial(template, eos, type);
            }
        }
        ObjectNode special = json.putObject("special_tokens");
        for (SpecialId which : List.of(SpecialId.BOS, SpecialId.EOS)) {
            String token = which == SpecialId.BOS ? bos : eos;
            if (!token.isEmpty() && !special.has(token)) {
                ObjectNode entry = special.putObject(token).put("id", token);
                entry.putArray("ids").add(which.of(metadata).orElseThrow());
                entry.putArray("tokens").add(token);
            }
        }
        return json;
    }

    private static void putSpecial(ArrayNode template, String token, int type) {
        if (!token.isEmpty()) {
            template.addObject().putObject("SpecialToken").put("id", token).put("type_id", type);
        }
    }

    private String around(SpecialId which, boolean asked) {
        String token = asked ? which.token(metadata, table.tokens()) : null;
        return token == null ? "" : token;
    }

    /** The tree of {@code tokenizer_config.json}: names of the special tokens. */
    ObjectNode config() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (SpecialId which : SpecialId.values()) {
            String token = which.hubName().isEmpty() ? null : which.token(metadata, table.tokens());
            if (token != null) {
                json.put(which.hubName(), token);
            }
        }
        json.put("clean_up_tokenization_spaces", false);
        json.put("tokenizer_class", "PreTrainedTokenizerFast");
        return json;
    }
}
