package ai.preceptor.dashboard;

import ai.preceptor.dashboard.run.RunBoard;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.http.Servers;
import ai.preceptor.train.experiment.RunSettingsReader;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the page of runs at {@code http://HOST:PORT/}. */
public final class DashboardServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DashboardServer.class);
    private static final int WORKERS = 2;
    private static final int IDLE_SECONDS = 120;
    private static final int LONGEST_PATH = 8192;

    private final DashboardOptions options;
    private final Vertx vertx;
    private int port;

    private DashboardServer(DashboardOptions options) {
        this.options = options;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    }

    /**
     * Starts it.
     *
     * @param settings reads the configurations of runs
     * @param others further pages
     * @throws ConfigurationException if the directory cannot be read, the address is not loopback or is taken
     */
    public static DashboardServer start(DashboardOptions options, RunSettingsReader settings, List<PageRoutes> others) {
        requireLoopback(options.host());
        RunBoard board;
        try {
            board = new RunBoard(options.runs(), settings);
        } catch (IOException e) {
            throw new ConfigurationException("runs: expected a directory, found " + options.runs(), e);
        }
        DashboardServer server = new DashboardServer(options);
        try {
            server.listen(board, others);
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static void requireLoopback(String host) {
        try {
            if (InetAddress.getByName(host).isLoopbackAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            throw new ConfigurationException("host: expected an address of this machine, found \"" + host + "\"", e);
        }
        throw new ConfigurationException("host: expected a loopback address such as 127.0.0.1, found \"" + host
                + "\"; from another machine, forward the port (ssh -L)");
    }

    private void listen(RunBoard board, List<PageRoutes> others) {
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("dashboard", WORKERS);
        RequestGuard guard = new RequestGuard(options.host());
        EventRoute events = new EventRoute(board, workers);
        List<PageRoutes> parts = new ArrayList<>();
        parts.add(new RunRoutes(board));
        parts.addAll(others);
        Router router = Router.router(vertx);
        router.route().handler(guard::check);
        router.head("/api/events")
                .handler(one ->
                        Replies.error(one, 405, "method: expected GET, since the events do not end, found HEAD"));
        router.head().handler(DashboardServer::asGet);
        router.get("/api/token")
                .handler(one -> one.response()
                        .putHeader("content-type", "application/json")
                        .end(Replies.text(Map.of("token", guard.token()))));
        router.get("/api/events").handler(events::handle);
        parts.forEach(part -> part.route(router, workers));
        new Assets(parts).route(router);
        router.route().handler(one -> Replies.error(one, 404, "there is nothing at this path"));
        router.route().failureHandler(DashboardServer::fail);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                        .setHttp2ClearTextEnabled(false)
                        .setMaxInitialLineLength(LONGEST_PATH)
                        .setCompressionSupported(false)
                        .setIdleTimeout(IDLE_SECONDS))
                .requestHandler(router);
        port = Servers.listen(server, options.portKey(), options.host(), options.port());
        vertx.runOnContext(now -> events.start(vertx, options.interval()));
    }

    /** The answer is that to GET, of which the server then sends the head alone. */
    private static void asGet(RoutingContext one) {
        String query = one.request().query();
        one.reroute(HttpMethod.GET, one.request().path() + (query == null ? "" : "?" + query));
    }

    private static void fail(RoutingContext one) {
        if (one.failure() instanceof BadRequestException bad) {
            Replies.error(one, 400, String.valueOf(bad.getMessage()));
            return;
        }
        if (one.failure() != null) {
            LOG.warn("{} could not be answered", one.request().path(), one.failure());
        }
        if (!one.response().ended()) {
            Replies.error(one, one.statusCode() > 0 ? one.statusCode() : 500, "the request could not be answered");
        }
    }

    /** Where the page is. */
    public String url() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return "http://" + host + ":" + port + "/";
    }

    /** Stops listening. */
    @Override
    public void close() {
        Servers.close(vertx, url());
    }
}
