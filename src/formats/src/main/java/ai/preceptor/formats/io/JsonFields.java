package ai.preceptor.formats.io;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads the keys of one JSON object and collects what is wrong with them, so that one message names every bad key with
 * its value and legal range. A bad key reads as its stand-in until {@link #finish()}.
 */
public final class JsonFields {
    private final Path file;
    private final String prefix;
    private final JsonNode object;
    private final List<String> problems;

    /** The keys of a file's object. */
    public JsonFields(Path file, JsonNode object) {
        this(file, "", object, new ArrayList<>());
    }

    private JsonFields(Path file, String prefix, JsonNode object, List<String> problems) {
        this.file = file;
        this.prefix = prefix;
        this.object = object;
        this.problems = problems;
    }

    /** The fields of an inner object, whose problems count with these; one without fields when it is absent or null. */
    public JsonFields inner(String key) {
        JsonNode value = value(key);
        if (value.isObject() || value.isMissingNode()) {
            return new JsonFields(file, prefix + key + ".", value, problems);
        }
        problem(key, "expected an object", value);
        return new JsonFields(file, prefix + key + ".", MissingNode.getInstance(), problems);
    }

    /** True when the key has a value other than null. */
    public boolean has(String key) {
        return !value(key).isMissingNode();
    }

    /** True when the file gives null, which some keys tell from a key left out. */
    public boolean isNull(String key) {
        return object.path(key).isNull();
    }

    /** A whole number in [1, max] that must be there; reads as max where it is not, so that no id is out of its range. */
    public int size(String key, int max) {
        if (!has(key)) {
            problems.add("key \"" + prefix + key + "\" is missing: expected a whole number from 1 to " + max);
            return max;
        }
        return size(key, max, max);
    }

    /** A whole number in [1, max]. */
    public int size(String key, int max, int otherwise) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 1 && value.intValue() <= max) {
            return value.intValue();
        }
        problem(key, "expected a whole number from 1 to " + max, value);
        return otherwise;
    }

    /** A whole number from 0 on. */
    public int count(String key, int otherwise) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0) {
            return value.intValue();
        }
        problem(key, "expected a whole number from 0 on", value);
        return otherwise;
    }

    /** As many finite numbers above 0. */
    public List<Double> positives(String key, int count) {
        JsonNode value = value(key);
        List<Double> numbers = new ArrayList<>();
        value.forEach(each -> numbers.add(each.isNumber() ? each.doubleValue() : 0));
        if (numbers.size() == count && numbers.stream().allMatch(each -> each > 0 && Double.isFinite(each))) {
            return List.copyOf(numbers);
        }
        problem(key, "expected a list of " + count + " numbers above 0", value);
        return Collections.nCopies(count, 1.0);
    }

    /** A finite number above 0 that must be there. */
    public double positive(String key) {
        if (!has(key)) {
            problems.add("key \"" + prefix + key + "\" is missing: expected a number above 0");
            return 1;
        }
        return positive(key, 1);
    }

    /** A finite number above 0. */
    public double positive(String key, double otherwise) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (value.isNumber() && value.doubleValue() > 0 && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        problem(key, "expected a number above 0", value);
        return otherwise;
    }

    /** True or false. */
    public boolean flag(String key, boolean otherwise) {
        JsonNode value = value(key);
        if (value.isMissingNode() || value.isBoolean()) {
            return value.asBoolean(otherwise);
        }
        problem(key, "expected true or false", value);
        return otherwise;
    }

    /** A string. */
    public Optional<String> text(String key) {
        JsonNode value = value(key);
        if (value.isTextual()) {
            return Optional.of(value.textValue());
        }
        if (!value.isMissingNode()) {
            problem(key, "expected a string", value);
        }
        return Optional.empty();
    }

    /** Token ids in [0, vocabulary): a number, a list of them, or none. */
    public List<Integer> ids(String key, int vocabulary) {
        JsonNode value = value(key);
        List<Integer> ids = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(id -> addId(key, id, vocabulary, ids));
        } else if (!value.isMissingNode()) {
            addId(key, value, vocabulary, ids);
        }
        return List.copyOf(ids);
    }

    private void addId(String key, JsonNode id, int vocabulary, List<Integer> ids) {
        // -1 is how some configurations write "none".
        if (id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= -1 && id.intValue() < vocabulary) {
            if (id.intValue() >= 0) {
                ids.add(id.intValue());
            }
        } else {
            problem(key, "expected a token id from 0 to " + (vocabulary - 1), id);
        }
    }

    /** The raw value; missing when absent or null. */
    public JsonNode value(String key) {
        JsonNode value = object.path(key);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    /** True while nothing is wrong, so that relations between keys may be checked. */
    public boolean sound() {
        return problems.isEmpty();
    }

    /** Notes a problem with a key. */
    public void problem(String key, String expected, JsonNode found) {
        problem(key, expected + ", found " + ModelJson.describe(found));
    }

    /** Notes a problem with a key. */
    public void problem(String key, String what) {
        String problem = "key \"" + prefix + key + "\": " + what;
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /**
     * Refuses the file when anything was noted.
     *
     * @throws DataException naming the file and every problem
     */
    public void finish() {
        if (problems.size() == 1) {
            throw DataException.in(file, problems.get(0));
        }
        if (!problems.isEmpty()) {
            throw DataException.in(file, problems.size() + " problems\n  " + String.join("\n  ", problems));
        }
    }
}
