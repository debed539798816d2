package ai.preceptor.cli;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.train.Interrupt;
import java.util.List;

/** The program's entry point. */
public final class Main {
    private Main() {}

    /**
     * Runs one command and exits with its code.
     *
     * @param args the command, its configuration file, and {@code key=value} overrides
     */
    public static void main(String[] args) {
        Interrupt.endProcessOnSignals();
        CommandLine commandLine = new CommandLine(Commands.standard(), Terminal.system());
        System.exit(commandLine.run(List.of(args)).number());
    }
}
