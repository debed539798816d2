package ai.preceptor.app;

import java.io.PrintStream;

/** The program's entry point. */
public final class Main {
    private static final int DONE = 0;
    private static final int BAD_USAGE = 2;

    private Main() {}

    /**
     * Runs one command and exits with its code.
     *
     * @param args the command, its configuration file, and {@code key=value} overrides
     */
    public static void main(String[] args) {
        boolean help = args.length == 1 && (args[0].equals("help") || args[0].equals("--help"));
        usage(help ? System.out : System.err);
        System.exit(help ? DONE : BAD_USAGE);
    }

    private static void usage(PrintStream out) {
        out.println("usage: preceptor COMMAND [CONFIG.yaml] [key=value ...]");
    }
}
