package ai.preceptor.vllm;

import ai.preceptor.teacher.served.http.CallFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** Meters of rollout servers; the names are explained on the page of metrics. */
final class ServerMeters implements AutoCloseable {
    private static final String SERVER = "server";

    private final MeterRegistry registry;
    private final List<Meter> gauges = new ArrayList<>();

    ServerMeters(MeterRegistry registry, List<VllmServer> servers) {
        this.registry = registry;
        for (VllmServer server : servers) {
            gauges.add(Gauge.builder("rollout.server.calls", server, VllmServer::outstanding)
                    .description("answers that a rollout server works on")
                    .tag(SERVER, server.name())
                    .register(registry));
            gauges.add(Gauge.builder("rollout.server.ready", server, one -> one.isReady() ? 1 : 0)
                    .description("1 if a rollout server can be reached and has the current weights")
                    .tag(SERVER, server.name())
                    .register(registry));
        }
    }

    private Counter counter(VllmServer server, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag(SERVER, server.name())
                .register(registry);
    }

    void sampled(VllmServer server, int tokens) {
        counter(server, "rollout.server.samples", "answers of a rollout server").increment();
        counter(server, "rollout.server.tokens", "tokens sampled by a rollout server")
                .increment(tokens);
    }

    void pushed(VllmServer server) {
        counter(server, "rollout.server.publications", "times that a rollout server took weights")
                .increment();
    }

    void failed(VllmServer server, CallFailure kind) {
        Counter.builder("rollout.server.failures")
                .description("calls of a rollout server that failed, by kind")
                .tag(SERVER, server.name())
                .tag("kind", kind.label())
                .register(registry)
                .increment();
    }

    @Override
    public void close() {
        gauges.forEach(registry::remove);
    }
}
