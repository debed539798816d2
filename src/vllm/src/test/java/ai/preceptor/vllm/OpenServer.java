package ai.preceptor.vllm;

import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.teacher.served.http.CallEndpoint;
import ai.preceptor.teacher.served.http.ReplyParser;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** A client of one server. */
final class OpenServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final VllmServer server;

    OpenServer(String url) {
        CallEndpoint endpoint = new CallEndpoint(
                vertx, URI.create(url.replace("/v1", "")), ApiKey.none(), 4, Duration.ofSeconds(10), Clock.systemUTC());
        server = new VllmServer(url, endpoint, endpoint, new ReplyParser(ApiKey.none()));
    }

    VllmServer server() {
        return server;
    }

    @Override
    public void close() {
        vertx.close();
    }
}
