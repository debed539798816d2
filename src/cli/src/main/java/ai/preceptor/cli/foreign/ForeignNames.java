package ai.preceptor.cli.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The settings of other programs that are known here. */
public final class ForeignNames {
    private static final String TABLE = "names.txt";
    private static final String ANY = "*";

    private final List<ForeignName> all;

    private ForeignNames(List<ForeignName> all) {
        this.all = List.copyOf(all);
    }

    /** Those of TRL, transformers and PEFT, read from a table. */
    public static ForeignNames standard() {
        try (InputStream stream = ForeignNames.class.getResourceAsStream(TABLE)) {
            if (stream == null) {
                throw new IllegalStateException("the table " + TABLE + " is missing");
            }
            return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException when a line is not as the table's head says */
    static ForeignNames parse(String table) {
        List<ForeignName> all = new ArrayList<>();
        String program = "";
        for (String line : table.lines().toList()) {
            if (line.startsWith("[")) {
                program = line.substring(1, line.length() - 1);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                all.add(row(program, line));
            }
        }
        return new ForeignNames(all);
    }

    private static ForeignName row(String program, String line) {
        String[] cells = line.split(" *\\| *", -1);
        if (cells.length != 4 || program.isEmpty()) {
            throw new IllegalArgumentException("expected NAME | VALUE | WRITE | NOTE in a section, found " + line);
        }
        ForeignName.Action action = switch (cells[2]) {
            case "nothing" -> ForeignName.Action.OMIT;
            case "none" -> ForeignName.Action.NONE;
            default -> ForeignName.Action.WRITE;
        };
        if (action == ForeignName.Action.WRITE && !cells[2].matches("[a-z_]+=.+")) {
            throw new IllegalArgumentException("expected KEY=VALUE, nothing or none, found " + line);
        }
        List<String> values = cells[1].equals(ANY) ? List.of() : Arrays.asList(cells[1].split(","));
        String write = action == ForeignName.Action.WRITE ? cells[2] : "";
        return new ForeignName(program, cells[0], values, action, write, cells[3]);
    }

    /** Every line, in order. */
    public List<ForeignName> all() {
        return all;
    }

    /**
     * What a key that a command does not have means.
     *
     * @param value as given, text as YAML has it
     * @param known the keys that the command has
     */
    public Optional<ForeignName> find(String name, String value, Collection<String> known) {
        return all.stream()
                .filter(one -> one.name().equals(name) && one.isAbout(value))
                .filter(one -> one.action() != ForeignName.Action.WRITE || known.contains(one.key()))
                .findFirst();
    }

    /**
     * What a value that a key refuses means in another program.
     *
     * @param value as given, text as YAML has it
     */
    public Optional<ForeignName> ofValue(String key, String value) {
        return all.stream()
                .filter(one -> one.name().equals(key) && !one.values().isEmpty() && one.isAbout(value))
                .filter(one -> one.action() == ForeignName.Action.WRITE)
                .findFirst();
    }
}
