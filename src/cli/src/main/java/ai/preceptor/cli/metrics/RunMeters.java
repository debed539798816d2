package ai.preceptor.cli.metrics;

import ai.preceptor.cli.keys.watch.MeterKeys;
import ai.preceptor.data.closing.Closing;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The meters of a command and where they go: to {@code /metrics} on loopback, to an OpenTelemetry collector, to both or nowhere.
 * All have the labels {@code run} and {@code command}.
 */
public final class RunMeters implements AutoCloseable {
    private final MeterRegistry registry;
    private final List<AutoCloseable> opened;

    private RunMeters(MeterRegistry registry, List<AutoCloseable> opened) {
        this.registry = registry;
        this.opened = opened;
    }

    /**
     * Opens them.
     *
     * @param run name of the run
     * @param command that runs
     * @param environment may name a collector
     * @param notices hears where meters are served
     * @throws ai.preceptor.data.ConfigurationException if the port is taken, or the environment's address is none
     */
    public static RunMeters open(
            MeterKeys keys, String run, String command, Map<String, String> environment, Consumer<String> notices) {
        Tags labels = Tags.of("run", run, "command", command);
        List<MeterRegistry> registries = new ArrayList<>();
        List<AutoCloseable> opened = new ArrayList<>();
        OtlpTarget.of(keys.otlpUrl(), environment).ifPresent(target -> {
            MeterRegistry pushed = target.open(labels);
            registries.add(pushed);
            opened.add(pushed::close);
        });
        Integer port = keys.metricsPort();
        if (port != null) {
            MetricsServer server = started(port, labels, opened);
            registries.add(server.registry());
            opened.add(server);
            notices.accept("meters at " + server.address());
        }
        MeterRegistry all = joined(registries);
        if (!registries.isEmpty()) {
            new JvmMemoryMetrics().bindTo(all);
            new ProcessMemory().bindTo(all);
            new GpuMemory().bindTo(all);
        }
        return new RunMeters(all, opened);
    }

    /** @param opened what is closed if that fails */
    private static MetricsServer started(int port, Tags labels, List<AutoCloseable> opened) {
        try {
            return MetricsServer.start(port, labels);
        } catch (RuntimeException e) {
            Closing.all(opened, RunMeters::close);
            throw e;
        }
    }

    private static MeterRegistry joined(List<MeterRegistry> registries) {
        return switch (registries.size()) {
            case 0 -> new SimpleMeterRegistry();
            case 1 -> registries.get(0);
            default -> new CompositeMeterRegistry(Clock.SYSTEM, registries);
        };
    }

    /** Where meters are registered. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Sends what was not sent yet, and stops serving. */
    @Override
    public void close() {
        Closing.all(opened, RunMeters::close);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
