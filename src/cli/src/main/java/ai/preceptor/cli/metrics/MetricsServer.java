package ai.preceptor.cli.metrics;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.http.OwnHost;
import ai.preceptor.http.Servers;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/**
 * Serves the meters of this process in Prometheus' format: {@code http://127.0.0.1:PORT/metrics}. It listens on loopback
 * only; it is not reachable from the network. The header Host must name loopback, or another site could point its own name here
 * and read the meters.
 */
public final class MetricsServer implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final OwnHost OWN = new OwnHost(LOOPBACK);
    private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;
    private final Vertx vertx;
    private final int port;

    private MetricsServer(PrometheusMeterRegistry registry, Vertx vertx, int port) {
        this.registry = registry;
        this.vertx = vertx;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param port 1 to 65535, or 0 for any that is free
     * @param labels of all meters
     * @throws ConfigurationException when the port is taken or not allowed
     */
    public static MetricsServer start(int port, Tags labels) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().commonTags(labels);
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setUseDaemonThread(true));
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .requestHandler(request -> answer(request, registry, vertx));
        try {
            return new MetricsServer(registry, vertx, Servers.listen(server, "metrics_port", LOOPBACK, port));
        } catch (ConfigurationException e) {
            vertx.close();
            registry.close();
            throw e;
        }
    }

    private static void answer(HttpServerRequest request, PrometheusMeterRegistry registry, Vertx vertx) {
        if (!OWN.isNamedBy(request.getHeader("host"))) {
            request.response().setStatusCode(421).end("host: expected a loopback name such as localhost\n");
            return;
        }
        boolean asksForMetrics = request.path().equals("/metrics");
        if (!asksForMetrics) {
            request.response().setStatusCode(404).end("only /metrics is served here\n");
        } else if (!request.method().equals(HttpMethod.GET)) {
            request.response().setStatusCode(405).putHeader("allow", "GET").end();
        } else {
            // gauges may read files, and the text may be long: not on the event loop
            vertx.executeBlocking(() -> registry.scrape(FORMAT), false)
                    .onSuccess(text ->
                            request.response().putHeader("content-type", FORMAT).end(text))
                    .onFailure(failure -> request.response().setStatusCode(500).end());
        }
    }

    /** Where meters go. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Where it listens. */
    public String address() {
        return "http://" + LOOPBACK + ":" + port + "/metrics";
    }

    @Override
    public void close() {
        Servers.close(vertx, address());
        registry.close();
    }
}
