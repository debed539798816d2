package ai.preceptor.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ServersTest {
    private static final long SLOW_MILLIS = 200;

    /** Who closes a server frees next what its requests use. */
    @Test
    void close_onAnInterruptedThread_returnsWhenItIsDone() {
        Vertx vertx = Vertx.vertx();
        AtomicBoolean stopped = new AtomicBoolean();
        vertx.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> stop() {
                        return vertx.timer(SLOW_MILLIS, TimeUnit.MILLISECONDS).onSuccess(late -> stopped.set(true));
                    }
                })
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        Thread.currentThread().interrupt();
        try {
            Servers.close(vertx, "the server");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(stopped).isTrue();
    }
}
