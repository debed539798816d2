package ai.preceptor.serve.request;

import ai.preceptor.data.setting.Nearest;
import ai.preceptor.data.setting.Range;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields of a request's body, read by name and checked. Null counts as left out, as OpenAI has it. */
final class Fields {
    private static final int DEPTH = 64;
    private static final int LONGEST_MISSPELT = 100;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final ObjectNode body;
    private final Set<String> known = new HashSet<>();

    private Fields(ObjectNode body) {
        this.body = body;
    }

    /** @throws ApiException if it is not one JSON object */
    static Fields parse(byte[] bytes) {
        try {
            if (JSON.readTree(bytes) instanceof ObjectNode object) {
                return new Fields(object);
            }
            throw ApiException.body("expected a JSON object, found something else or nothing");
        } catch (JsonProcessingException e) {
            String at = e.getLocation() == null
                    ? ""
                    : "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": ";
            throw ApiException.body("expected JSON, found at " + at + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiException.body("expected JSON in UTF-8, found what cannot be read: " + e.getMessage());
        }
    }

    /** A field's value; null if it is left out. */
    @Nullable
    JsonNode find(String name) {
        known.add(name);
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? null : value;
    }

    boolean flag(String name, boolean standard) {
        JsonNode value = find(name);
        if (value != null && !value.isBoolean()) {
            throw ApiException.value(name, "true or false", value);
        }
        return value == null ? standard : value.booleanValue();
    }

    int whole(String name, int standard, int least, int most) {
        JsonNode value = find(name);
        return value == null ? standard : whole(name, value, least, most);
    }

    /** The same of a value that is inside of something. */
    static int whole(String name, JsonNode value, int least, int most) {
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < least
                || value.longValue() > most) {
            throw ApiException.value(name, "a whole number in [" + least + ", " + most + "]", value);
        }
        return value.intValue();
    }

    @Nullable
    Long any(String name) {
        JsonNode value = find(name);
        if (value != null && (!value.isIntegralNumber() || !value.canConvertToLong())) {
            throw ApiException.value(name, "a whole number of 64 bits", value);
        }
        return value == null ? null : value.longValue();
    }

    /** @param range as in {@code [0, 1)} */
    double number(String name, double standard, String range) {
        JsonNode value = find(name);
        return value == null ? standard : number(name, value, range);
    }

    /** The same of a value that is inside of something. */
    static double number(String name, JsonNode value, String range) {
        if (!value.isNumber() || !Range.parse(range).contains(value.doubleValue())) {
            throw ApiException.value(name, "a number in " + range, value);
        }
        return value.doubleValue();
    }

    @Nullable
    String text(String name) {
        JsonNode value = find(name);
        if (value != null && !value.isTextual()) {
            throw ApiException.value(name, "text", value);
        }
        return value == null ? null : value.textValue();
    }

    /** One text or several, of which none is empty or longer than so many characters. */
    List<String> texts(String name, int most, int longest) {
        JsonNode value = find(name);
        if (value == null) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (!one.isTextual() || one.textValue().isEmpty()) {
                throw ApiException.value(name, "texts that are not empty", one);
            }
            int length = one.textValue().length();
            if (length > longest) {
                throw ApiException.field(
                        name, "expected texts of [1, " + longest + "] characters, found one of " + length);
            }
            texts.add(one.textValue());
        }
        if (texts.size() > most) {
            throw ApiException.field(name, "expected at most " + most + " texts, found " + texts.size());
        }
        return texts;
    }

    /** Token ids below a vocabulary's size. */
    Set<Integer> ids(String name, int vocabulary) {
        JsonNode value = find(name);
        Set<Integer> ids = new TreeSet<>();
        if (value != null && !value.isArray()) {
            throw ApiException.value(name, "a list of token ids", value);
        }
        if (value != null) {
            value.forEach(id -> ids.add(whole(name, id, 0, vocabulary - 1)));
        }
        return ids;
    }

    /** Says that a field may be there and is not looked at. */
    void ignore(Set<String> names) {
        known.addAll(names);
    }

    /** @throws ApiException if there is an unknown field */
    void refuseOthers() {
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name) && !body.path(name).isNull()) {
                String nearest = name.length() > LONGEST_MISSPELT // the search takes the product of the lengths
                        ? ""
                        : new Nearest(known).hint(name);
                throw ApiException.unknown(name, nearest);
            }
        }
    }
}
