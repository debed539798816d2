package ai.preceptor.cli.command.training;

import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.metrics.MetricsServer;
import ai.preceptor.cli.metrics.StepMeters;
import ai.preceptor.train.LoopSetting;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Meters of a run that samples.
 *
 * @param server that serves them; null where no port was given
 * @param registry where they go
 */
record LearnerMeters(@Nullable MetricsServer server, MeterRegistry registry) implements AutoCloseable {
    /**
     * Starts the server if a port is given.
     *
     * @param command that runs
     */
    static LearnerMeters open(@Nullable Integer port, String command, Terminal terminal) {
        if (port == null) {
            return new LearnerMeters(null, new SimpleMeterRegistry());
        }
        MetricsServer server = MetricsServer.start(port);
        terminal.err().println(command + ": meters at " + server.address());
        return new LearnerMeters(server, server.registry());
    }

    /** The same surroundings, whose steps are metered too. */
    LoopSetting on(LoopSetting loop) {
        return loop.hearing(new StepMeters(registry));
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
