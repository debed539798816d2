package ai.preceptor.formats.io;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads the keys of one JSON object and collects what is wrong with them, so that one message names every bad key with
 * its value and legal range. A bad key reads as its stand-in until {@link #finish()}. For the packages of {@code formats}.
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
        if (!value.isObject() && !value.isMissingNode()) {
            problem(key, "expected an object", value);
            value = MissingNode.getInstance();
        }
        return new JsonFields(file, prefix + key + ".", value, problems);
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
        require(key, "a whole number from 1 to " + max);
        return size(key, max, max);
    }

    /** A whole number in [1, max]. */
    public int size(String key, int max, int otherwise) {
        String expected = "a whole number from 1 to " + max;
        return read(key, otherwise, expected, value -> isWhole(value, 1, max), JsonNode::intValue);
    }

    /** A whole number from 0 on. */
    public int count(String key, int otherwise) {
        Predicate<JsonNode> legal = value -> isWhole(value, 0, Integer.MAX_VALUE);
        return read(key, otherwise, "a whole number from 0 on", legal, JsonNode::intValue);
    }

    private static boolean isWhole(JsonNode value, int least, int most) {
        return value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= least
                && value.intValue() <= most;
    }

    /** As many finite numbers above 0. */
    public List<Double> positives(String key, int count) {
        JsonNode value = value(key);
        if (value.size() == count && value.valueStream().allMatch(JsonFields::isPositive)) {
            return value.valueStream().map(JsonNode::doubleValue).toList();
        }
        problem(key, "expected a list of " + count + " numbers above 0", value);
        return Collections.nCopies(count, 1.0);
    }

    /** A finite number above 0 that must be there. */
    public double positive(String key) {
        require(key, "a number above 0");
        return positive(key, 1);
    }

    /** A finite number above 0. */
    public double positive(String key, double otherwise) {
        return read(key, otherwise, "a number above 0", JsonFields::isPositive, JsonNode::doubleValue);
    }

    private static boolean isPositive(JsonNode value) {
        return value.isNumber() && value.doubleValue() > 0 && Double.isFinite(value.doubleValue());
    }

    /** True or false. */
    public boolean flag(String key, boolean otherwise) {
        return read(key, otherwise, "true or false", JsonNode::isBoolean, JsonNode::booleanValue);
    }

    /** A string. */
    public Optional<String> text(String key) {
        return read(key, Optional.empty(), "a string", JsonNode::isTextual, value -> Optional.of(value.textValue()));
    }

    private <T> T read(
            String key, T otherwise, String expected, Predicate<JsonNode> legal, Function<JsonNode, T> reader) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (legal.test(value)) {
            return reader.apply(value);
        }
        problem(key, "expected " + expected, value);
        return otherwise;
    }

    private void require(String key, String expected) {
        if (!has(key)) {
            problems.add("key \"" + prefix + key + "\" is missing: expected " + expected);
        }
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
     * Refuses the file if any problem was recorded.
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
