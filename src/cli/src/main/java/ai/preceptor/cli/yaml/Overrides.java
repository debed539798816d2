package ai.preceptor.cli.yaml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads {@code key=value} arguments. A dot goes into a section ({@code reward.learning_rate=1e-4}); {@code [a,b]} is a
 * list; everything else is taken as it stands, so a value may contain {@code =}, {@code :} and spaces.
 */
public final class Overrides {
    private static final Origin ORIGIN = Origin.COMMAND_LINE;

    /** Between sections. No key begins with a digit: a period before one belongs to the name of a stage, {@code dpo-0.1}. */
    private static final String PERIOD = "\\.(?![0-9])";

    private final Problems problems;

    public Overrides(Problems problems) {
        this.problems = problems;
    }

    public Raw.Mapping read(List<String> arguments) {
        Raw.Mapping all = Raw.Mapping.empty(ORIGIN);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals <= 0) {
                problems.add(ORIGIN, "", stray(argument));
                continue;
            }
            String key = argument.substring(0, equals).strip();
            put(all, key, value(argument.substring(equals + 1).strip(), ORIGIN));
        }
        return all;
    }

    private static String stray(String argument) {
        if (argument.startsWith("--") && argument.length() > 2) {
            return "expected a value: " + argument + " VALUE, or " + argument.substring(2) + "=VALUE";
        }
        Path path = PathText.onCommandLine(argument);
        String meant = Files.isRegularFile(path)
                ? "; a file of rows is data=" + argument
                : Files.isDirectory(path) ? "; a model is model=" + argument : "";
        return "expected key=value or --key value, found \"" + argument + "\"" + meant;
    }

    private void put(Raw.Mapping all, String path, Raw value) {
        Raw.Mapping into = all;
        List<String> names = Arrays.asList(path.split(PERIOD, -1));
        for (String section : names.subList(0, names.size() - 1)) {
            Raw.Field field =
                    into.fields().computeIfAbsent(section, name -> new Raw.Field(ORIGIN, Raw.Mapping.empty(ORIGIN)));
            if (!(field.value() instanceof Raw.Mapping inner)) {
                problems.add(ORIGIN, path, "\"" + section + "\" is given both as a value and as a section");
                return;
            }
            into = inner;
        }
        if (into.fields().putIfAbsent(names.get(names.size() - 1), new Raw.Field(ORIGIN, value)) != null) {
            problems.add(ORIGIN, path, "given twice");
        }
    }

    /** What one written value is: a list in brackets, else a scalar. */
    public static Raw value(String text, Origin origin) {
        if (text.length() < 2 || !text.startsWith("[") || !text.endsWith("]")) {
            return new Raw.Scalar(text, false, origin);
        }
        List<Raw> items = new ArrayList<>();
        String inside = text.substring(1, text.length() - 1);
        if (!inside.isBlank()) {
            for (String item : inside.split(",", -1)) {
                items.add(new Raw.Scalar(item.strip(), false, origin));
            }
        }
        return new Raw.Sequence(items, origin);
    }
}
