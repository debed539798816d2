package ai.preceptor.cli;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.console.Wrapped;
import ai.preceptor.cli.plugin.OwnCode;
import ai.preceptor.cli.yaml.RefusedConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Explains to a user why a command ended. */
final class FailureReport {
    private final Terminal terminal;

    FailureReport(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Prints the failure and, when it is a defect, keeps its stack trace in a file.
     *
     * @param what the command that failed
     * @param directory the run directory, if there is one
     */
    ExitCode report(String what, Throwable failure, @Nullable Path directory) {
        ExitCode code = ExitCode.of(failure);
        String message = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        if (code == ExitCode.DEFECT) {
            terminal.err().println(what + ": unexpected " + failure);
            terminal.err().println("This is a defect. Please report it with " + keep(failure, directory));
            return code;
        }
        if (code == ExitCode.OWN_CODE_FAILED) {
            terminal.err().println(what + ": your own code failed: " + OwnCode.told(failure));
            terminal.err().println("Its stack trace is in " + keep(failure, directory));
            return code;
        }
        List<String> lines = message.lines().toList();
        if (failure instanceof RefusedConfigurationException refused) {
            refused(what, lines, refused.count());
        } else if (code == ExitCode.BAD_CONFIGURATION && lines.size() > 1) {
            refused(what, lines, lines.size());
        } else { // what else spans lines is one thing and its details, such as another program's account of itself
            terminal.err().println(what + ": " + (lines.isEmpty() ? message : lines.get(0)));
            lines.stream().skip(1).forEach(line -> terminal.err().println("  " + line));
        }
        if (code == ExitCode.DISK_FAILED && directory != null) {
            terminal.err().println("What was saved before is kept; when there is room, resume=true continues.");
        }
        return code;
    }

    private void refused(String what, List<String> lines, int problems) {
        if (problems == 1) {
            terminal.err().println(what + ": " + lines.get(0));
        } else {
            terminal.err().println(what + ": " + problems + " problems");
            lines.stream().limit(problems).forEach(line -> terminal.err().println("  " + line));
        }
        int width = Math.max(40, terminal.width()) - 4;
        lines.stream()
                .skip(problems)
                .forEach(line -> new Wrapped(line, width, Integer.MAX_VALUE)
                        .lines()
                        .forEach(part -> terminal.err().println("  " + part)));
    }

    private static String keep(Throwable failure, @Nullable Path directory) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        try {
            Path log = directory != null && Files.isDirectory(directory)
                    ? directory.resolve("error.log")
                    : Files.createTempFile("preceptor-error-", ".log");
            Files.writeString(log, trace.toString());
            return log.toString();
        } catch (IOException e) {
            return "the lines below; its log could not be written (" + e.getMessage() + "):" + System.lineSeparator()
                    + trace;
        }
    }
}
