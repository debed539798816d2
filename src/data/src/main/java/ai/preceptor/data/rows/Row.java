package ai.preceptor.data.rows;

import ai.preceptor.data.Message;
import ai.preceptor.data.Text;
import ai.preceptor.data.source.RowException;
import ai.preceptor.data.source.RowPlace;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One JSON object of a file while it is parsed; the fields that no format takes become the prompt's columns. */
final class Row {
    private static final RowPlace NOWHERE = RowPlace.line(Path.of(""), 0);

    private final JsonNode object;
    private final RowPlace place;
    private final String source;
    private final Set<String> taken = new HashSet<>();

    Row(JsonNode object) {
        this(object, NOWHERE, "");
    }

    /**
     * @param place where it stands
     * @param source its text
     */
    Row(JsonNode object, RowPlace place, String source) {
        this.object = object;
        this.place = place;
        this.source = source;
    }

    RowPlace place() {
        return place;
    }

    String source() {
        return source;
    }

    /** True if the key is there with a value other than null. */
    boolean has(String key) {
        return object.hasNonNull(key);
    }

    /** The keys that are there with a value other than null. */
    Set<String> keysWithValues() {
        return object.propertyStream()
                .filter(property -> !property.getValue().isNull())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** True if the key is there with a list. */
    boolean hasList(String key) {
        return object.path(key).isArray();
    }

    /** True if the key is there, even with null. */
    boolean names(String key) {
        return object.has(key);
    }

    /** Takes a string or a list of messages. */
    Text text(String key) throws RowException {
        return JsonText.text(key, take(key));
    }

    /** Takes a prompt's text, which must ask something. */
    Text promptText(String key) throws RowException {
        Text text = text(key);
        if (text.isBlank()) {
            throw RowException.key(key, "a prompt that asks something", JsonDescriptions.describe(object.get(key)));
        }
        return text;
    }

    /** Takes an answer in the prompt's form; a plain answer to a conversation is the assistant's message. */
    Text reply(String key, Text prompt) throws RowException {
        return reply(key, take(key), prompt);
    }

    /** Takes a list of answers, see {@link #reply(String, Text)}. */
    List<Text> replies(String key, Text prompt) throws RowException {
        JsonNode list = requireList(key, "list of answers");
        List<Text> replies = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            replies.add(reply(key + "[" + i + "]", list.get(i), prompt));
        }
        return replies;
    }

    private static Text reply(String key, JsonNode node, Text prompt) throws RowException {
        Text text = JsonText.text(key, node);
        if (prompt instanceof Text.Chat && text instanceof Text.Plain plain) {
            return Text.chat(Message.assistant(plain.value()));
        }
        if (prompt instanceof Text.Plain && text instanceof Text.Chat) {
            throw RowException.key(key, "string, as the prompt is one", JsonDescriptions.describe(node) + " messages");
        }
        return text;
    }

    /** Takes a list of messages, at least one. */
    List<Message> messages(String key) throws RowException {
        JsonNode list = requireList(key, "list of messages");
        if (list.isEmpty()) {
            throw RowException.key(key, "list of messages", "an empty list");
        }
        return JsonText.messages(key, list);
    }

    /** Takes a list of finite numbers. */
    List<Double> numbers(String key) throws RowException {
        JsonNode list = requireList(key, "list of numbers");
        List<Double> numbers = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            numbers.add(number(key + "[" + i + "]", list.get(i)));
        }
        return numbers;
    }

    /** Takes a list of pairs of finite numbers. */
    List<List<Double>> pairs(String key) throws RowException {
        JsonNode list = requireList(key, "list of pairs");
        List<List<Double>> pairs = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String place = key + "[" + i + "]";
            JsonNode pair = list.get(i);
            if (!pair.isArray() || pair.size() != 2) {
                throw RowException.key(place, "two numbers", JsonDescriptions.describe(pair));
            }
            pairs.add(List.of(number(place, pair.get(0)), number(place, pair.get(1))));
        }
        return pairs;
    }

    /** Takes a list of finite numbers, null where there is none. */
    List<@Nullable Double> optionalNumbers(String key) throws RowException {
        JsonNode list = requireList(key, "list of numbers");
        List<@Nullable Double> numbers = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            numbers.add(list.get(i).isNull() ? null : number(key + "[" + i + "]", list.get(i)));
        }
        return numbers;
    }

    /**
     * Takes a list of numbers as float32.
     *
     * @param place what the row is called before its keys; empty for a whole line
     */
    float[] floats(String key, String place) throws RowException {
        JsonNode list = requireList(key, place, "list of numbers");
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) number(place + key + "[" + i + "]", list.get(i));
        }
        return values;
    }

    /** Takes a list of whole numbers; see {@link #floats} for the place. */
    int[] ints(String key, String place) throws RowException {
        JsonNode list = requireList(key, place, "list of whole numbers");
        int[] values = new int[list.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode one = list.get(i);
            if (!one.isIntegralNumber() || !one.canConvertToInt()) {
                throw RowException.key(
                        place + key + "[" + i + "]", "a whole number below 2^31", JsonDescriptions.describe(one));
            }
            values[i] = one.intValue();
        }
        return values;
    }

    /** Takes a string; see {@link #floats} for the place. */
    String string(String key, String place) throws RowException {
        JsonNode node = take(key, place);
        if (!node.isTextual()) {
            throw RowException.key(place + key, "a string", JsonDescriptions.describe(node));
        }
        return JsonText.string(place + key, node);
    }

    /** Takes a list of strings. */
    List<String> strings(String key) throws RowException {
        JsonNode list = requireList(key, "list of strings");
        List<String> strings = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            String place = key + "[" + i + "]";
            if (!list.get(i).isTextual()) {
                throw RowException.key(place, "a string", JsonDescriptions.describe(list.get(i)));
            }
            strings.add(JsonText.string(place, list.get(i)));
        }
        return strings;
    }

    /** Takes a string, or null where there is none. */
    @Nullable
    String optionalString(String key) throws RowException {
        taken.add(key);
        return has(key) ? string(key, "") : null;
    }

    /** Takes a list of objects. */
    List<Row> objects(String key) throws RowException {
        JsonNode list = requireList(key, "list of objects");
        List<Row> rows = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            if (!list.get(i).isObject()) {
                throw RowException.key(key + "[" + i + "]", "an object", JsonDescriptions.describe(list.get(i)));
            }
            rows.add(new Row(list.get(i)));
        }
        return rows;
    }

    /** Takes an object as a map; empty where there is none. */
    Map<String, @Nullable Object> map(String key) throws RowException {
        if (!has(key)) {
            taken.add(key);
            return Map.of();
        }
        JsonNode node = take(key);
        if (!node.isObject()) {
            throw RowException.key(key, "an object", JsonDescriptions.describe(node));
        }
        return new Row(node).columns();
    }

    /** Takes a finite number, or null where there is none. */
    @Nullable
    Double optionalNumber(String key) throws RowException {
        if (!has(key)) {
            taken.add(key);
            return null;
        }
        return number(key, take(key));
    }

    private static double number(String key, JsonNode node) throws RowException {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw RowException.key(key, "a finite number", JsonDescriptions.describe(node));
        }
        return node.doubleValue();
    }

    /** Takes true or false; 1 and 0 are read as those, and 1.0 and 0.0, as pandas writes them beside gaps. */
    boolean bool(String key) throws RowException {
        return bool(key, take(key));
    }

    /** Takes a list of them. */
    List<Boolean> bools(String key) throws RowException {
        JsonNode list = requireList(key, "list of true and false");
        List<Boolean> bools = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            bools.add(bool(key + "[" + i + "]", list.get(i)));
        }
        return bools;
    }

    private static boolean bool(String key, JsonNode node) throws RowException {
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber() && (node.doubleValue() == 0 || node.doubleValue() == 1)) {
            return node.doubleValue() == 1;
        }
        throw RowException.key(key, "true or false", JsonDescriptions.describe(node));
    }

    /** Takes a key without reading it, so that it does not become a column. */
    void ignore(String key) {
        taken.add(key);
    }

    /** All keys that were not taken, in the file's order. */
    Map<String, @Nullable Object> columns() throws RowException {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!taken.contains(entry.getKey())) {
                columns.put(entry.getKey(), JsonText.value(entry.getKey(), entry.getValue()));
            }
        }
        return columns;
    }

    /** The row's keys in the file's order. */
    List<String> keys() {
        return JsonDescriptions.keys(object);
    }

    private JsonNode requireList(String key, String expected) throws RowException {
        return requireList(key, "", expected);
    }

    private JsonNode requireList(String key, String place, String expected) throws RowException {
        JsonNode node = take(key, place);
        if (!node.isArray()) {
            throw RowException.key(place + key, expected, JsonDescriptions.describe(node));
        }
        return node;
    }

    private JsonNode take(String key) throws RowException {
        return take(key, "");
    }

    private JsonNode take(String key, String place) throws RowException {
        taken.add(key);
        JsonNode node = object.path(key);
        if (node.isMissingNode()) {
            throw new RowException("key \"" + place + key + "\": missing; the "
                    + (place.isEmpty() ? "row has the keys " : "answer has the keys ") + keys());
        }
        return node;
    }
}
