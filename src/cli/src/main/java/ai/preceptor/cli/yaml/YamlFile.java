package ai.preceptor.cli.yaml;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads one YAML document into {@link Raw} values with exact positions. It stops at the composed node tree: nothing is
 * constructed, so no tag can name a class and no scalar is guessed into a type.
 */
public final class YamlFile {
    private static final int MAX_DEPTH = 20;

    private final Path file;
    private final Problems problems;

    public YamlFile(Path file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The file's keys; empty, with the reason among the problems, when it cannot be read. */
    public Raw.Mapping read() {
        return parse(new StringReader(text()));
    }

    /** The file's text; empty, with the reason among the problems, when it cannot be read. */
    public String text() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            problems.add(here(), "", "no such file");
        } catch (CharacterCodingException e) {
            problems.add(here(), "", "not a text file in UTF-8");
        } catch (IOException e) {
            problems.add(here(), "", "cannot be read: " + e.getMessage());
        }
        return "";
    }

    /** The same for text already in memory. */
    public Raw.Mapping parse(Reader text) {
        try {
            Node root = new Yaml(new LoaderOptions()).compose(text);
            if (root == null || root.getTag().equals(Tag.NULL)) {
                return Raw.Mapping.empty(here());
            }
            if (root instanceof MappingNode mapping) {
                return mapping(mapping, "", 0);
            }
            problems.add(
                    at(root.getStartMark()),
                    "",
                    "expected keys (name: value), found " + raw(root, "", 0).shown());
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            problems.add(mark == null ? here() : at(mark), "", "not valid YAML: " + e.getProblem());
        } catch (YAMLException e) {
            problems.add(here(), "", "not valid YAML: " + e.getMessage());
        }
        return Raw.Mapping.empty(here());
    }

    private Raw.Mapping mapping(MappingNode node, String path, int depth) {
        Map<String, Raw.Field> fields = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Origin keyOrigin = at(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(keyOrigin, path, "expected a plain key");
                continue;
            }
            String keyPath = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            Raw value = raw(tuple.getValueNode(), keyPath, depth + 1);
            Raw.Field before = fields.putIfAbsent(key.getValue(), new Raw.Field(keyOrigin, value));
            if (before != null) {
                problems.add(keyOrigin, keyPath, "given twice; first at " + before.keyOrigin());
            }
        }
        return new Raw.Mapping(fields, at(node.getStartMark()));
    }

    private Raw raw(Node node, String path, int depth) {
        Origin origin = at(node.getStartMark());
        if (depth > MAX_DEPTH) {
            // An alias may point at its own ancestor, which makes the tree endless.
            problems.add(origin, path, "nested deeper than " + MAX_DEPTH + " levels");
            return Raw.Mapping.empty(origin);
        }
        if (node instanceof MappingNode mapping) {
            return mapping(mapping, path, depth);
        }
        if (node instanceof SequenceNode sequence) {
            List<Raw> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(raw(item, path, depth + 1));
            }
            return new Raw.Sequence(items, origin);
        }
        ScalarNode scalar = (ScalarNode) node;
        return new Raw.Scalar(scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN, origin);
    }

    private Origin here() {
        return Origin.of(file.toString());
    }

    private Origin at(Mark mark) {
        return Origin.in(file, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
