package ai.preceptor.cli.command.inference;

import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.command.Command;
import ai.preceptor.cli.command.SamplingChoice;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.inference.ServeConfig;
import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.serve.ApiServer;
import ai.preceptor.serve.ServeOptions;
import ai.preceptor.train.Interrupt;

/** Serves a model over HTTP until it is stopped. */
public final class ServeCommand extends Command<ServeConfig> {
    private static final long LOOK_MILLIS = 50;

    /** Rows that decide what computes steps: few requests run at once more often than many. */
    private static final int MEASURED_ROWS = 8;

    public ServeCommand() {
        super("serve", "serves a model over an OpenAI-compatible API, until it is interrupted", ServeConfig.class);
    }

    @Override
    public void run(ServeConfig keys, Terminal terminal) {
        ServeOptions options = keys.options();
        try (Preceptor preceptor = keys.device().open()) {
            options.limits().requireFits(preceptor.torch()); // a model may take minutes to load
            serve(keys, options, preceptor, terminal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRunException("stopped immediately; running requests were cancelled");
        }
    }

    private static void serve(ServeConfig keys, ServeOptions options, Preceptor preceptor, Terminal terminal)
            throws InterruptedException {
        Interrupt interrupt = terminal.interrupt();
        SamplingChoice choice = SamplingChoice.of(keys.decode(), terminal);
        try (Student student = choice.student(
                        Math.min(options.limits().maxRows(), MEASURED_ROWS),
                        () -> preceptor.student(
                                keys.student().model(), keys.student().frozen()));
                ApiServer server = ApiServer.start(student, options.with(choice.settings()))) {
            terminal.out().println("serving " + options.modelName() + " at " + server.url() + " with " + options.key());
            while (!interrupt.isRequested()) {
                if (server.failure() != null) {
                    throw new IllegalStateException("the engine has failed", server.failure());
                }
                Thread.sleep(LOOK_MILLIS);
            }
            terminal.err()
                    .println("serve: no new requests are accepted; running ones have "
                            + options.requests().shutdownGrace() + " s");
            int unanswered = server.drain();
            throw new InterruptedRunException("interrupted; "
                    + (unanswered == 0
                            ? "every request was answered"
                            : unanswered + " of the accepted requests were not answered"));
        }
    }
}
