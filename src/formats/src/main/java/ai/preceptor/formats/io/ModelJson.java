package ai.preceptor.formats.io;

import ai.preceptor.data.DataException;
import ai.preceptor.data.files.AtomicFiles;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The JSON of model directories, read strictly (a key given twice or text after the object is an error) but with
 * Python's {@code NaN} and {@code Infinity}, and written with two spaces of indentation.
 */
public final class ModelJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ModelJson() {}

    /**
     * Reads a file that holds one JSON object.
     *
     * @param file the file
     * @return the object, in the file's order of keys
     * @throws DataException naming file, line and column when it is missing, unreadable, truncated, or not one object
     */
    public static ObjectNode read(Path file) {
        return read(new ModelDocument(file, () -> Files.newInputStream(file)));
    }

    /** The same for a file that may lie elsewhere. */
    public static ObjectNode read(ModelDocument document) {
        Path file = document.place();
        JsonNode tree;
        try (JsonParser parser = MAPPER.createParser(document.reader())) {
            tree = MAPPER.readTree(parser);
        } catch (NoSuchFileException missing) {
            throw new DataException(file + ": no such file", missing);
        } catch (JsonProcessingException malformed) {
            var at = malformed.getLocation();
            String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
            throw new DataException(file + place + ": not valid JSON: " + malformed.getOriginalMessage(), malformed);
        } catch (IOException failure) {
            throw new DataException(file + ": cannot be read: " + failure.getMessage(), failure);
        }
        if (tree instanceof ObjectNode object) {
            return object;
        }
        String found = tree == null || tree.isMissingNode() ? "an empty file" : describe(tree);
        throw new DataException(file + ": expected a JSON object, found " + found);
    }

    /** An object that the program itself holds as text. */
    public static ObjectNode parse(String text) {
        try {
            return MAPPER.readValue(text, ObjectNode.class);
        } catch (JsonProcessingException mistake) {
            throw new IllegalArgumentException(mistake);
        }
    }

    /**
     * Writes an object to a temporary name and renames it.
     *
     * @param file the file to create or replace
     * @param object what to write
     * @throws ai.preceptor.data.OutputException when it cannot be written
     */
    public static void write(Path file, ObjectNode object) {
        AtomicFiles.write(
                file, out -> out.write((writer().writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** Says what a JSON value is, for "found ..." in messages: its kind and, when short, its text. */
    public static String describe(JsonNode value) {
        String text = value.toString();
        String shown = text.length() <= 60 ? text : text.substring(0, 57) + "...";
        return switch (value.getNodeType()) {
            case NULL -> "null";
            case OBJECT -> "an object";
            case ARRAY -> "a list " + shown;
            case STRING -> "string " + shown;
            case BOOLEAN -> "boolean " + shown;
            case NUMBER -> "number " + shown;
            default -> shown;
        };
    }

    private static ObjectWriter writer() {
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        Separators separators = Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
        printer.indentObjectsWith(indent);
        printer.indentArraysWith(indent);
        return MAPPER.writer(printer);
    }
}
