package ai.preceptor.cli;

import ai.preceptor.cli.console.Terminal;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One command, run as the command line runs it, on the processor, into a pipe.
 *
 * @param code how it ended
 * @param out standard output
 * @param err standard error
 */
public record CommandRun(ExitCode code, String out, String err) {
    public static CommandRun of(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!Set.of("render", "convert").contains(arguments[0])) {
            all.add("device=cpu");
        }
        return exactly(all.toArray(String[]::new));
    }

    /** The same without a device of ours. */
    public static CommandRun exactly(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(stream(out), stream(err), false, 80);
        ExitCode code = new CommandLine(Commands.standard(), terminal).run(List.of(arguments));
        return new CommandRun(code, text(out), text(err));
    }

    /** A file that a command wrote: a row a line. */
    public static List<JsonNode> rows(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(json.readTree(line));
        }
        return rows;
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
