package ai.preceptor.formats.config;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.io.JsonFields;
import ai.preceptor.formats.io.ModelDocument;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A model's own generation settings, from {@code generation_config.json}, or from {@code config.json} where there is none. A
 * caller's settings win, and nothing here applies them unasked.
 *
 * @param specialIds ends of sequence and others; an end may be one of several
 * @param doSample false asks for greedy decoding
 * @param temperature above 0
 * @param topP above 0
 * @param topK at least 1
 */
public record GenerationConfig(
        SpecialIds specialIds,
        Optional<Boolean> doSample,
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK) {
    /** Name of the file in a model directory. */
    public static final String FILE = "generation_config.json";

    /**
     * Reads a model directory's file. Where there is none, the same keys of {@code config.json} count, as in transformers and
     * vLLM; all is empty where there is neither.
     *
     * @param directory the model directory
     * @param vocabulary ids lie below it
     * @throws DataException naming the file and every bad key with its value and legal range
     */
    public static GenerationConfig read(Path directory, int vocabulary) {
        return read(new ModelFiles(directory), vocabulary);
    }

    /** As {@link #read(Path, int)}, of a model whose files are these. */
    public static GenerationConfig read(ModelFiles files, int vocabulary) {
        ModelDocument document =
                files.find(FILE).or(() -> files.find(DecoderConfig.FILE)).orElse(null);
        JsonFields fields = document == null
                ? new JsonFields(files.directory().resolve(FILE), JsonNodeFactory.instance.objectNode())
                : new JsonFields(document.place(), ModelJson.read(document));
        GenerationConfig config = new GenerationConfig(
                SpecialIds.read(fields, vocabulary),
                fields.has("do_sample") ? Optional.of(fields.flag("do_sample", false)) : Optional.empty(),
                number(fields, "temperature"),
                number(fields, "top_p"),
                topK(fields));
        fields.finish();
        return config;
    }

    private static OptionalDouble number(JsonFields fields, String key) {
        return isNone(fields.value(key)) ? OptionalDouble.empty() : OptionalDouble.of(fields.positive(key, 1));
    }

    private static OptionalInt topK(JsonFields fields) {
        return isNone(fields.value("top_k"))
                ? OptionalInt.empty()
                : OptionalInt.of(fields.size("top_k", Integer.MAX_VALUE, 1));
    }

    /** Not there, or 0 or -1, by which files say that a setting is off. */
    private static boolean isNone(JsonNode value) {
        return value.isMissingNode() || (value.isNumber() && (value.asDouble() == 0 || value.asDouble() == -1));
    }
}
