package ai.preceptor.serve;

import ai.preceptor.Student;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.http.Servers;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.engine.EngineSession;
import ai.preceptor.lm.text.TokenBytes;
import ai.preceptor.lm.text.TokenCountBound;
import ai.preceptor.serve.request.BodyReader;
import ai.preceptor.serve.request.OpenAiBodyReader;
import ai.preceptor.serve.request.OpenAiBodyReader.Model;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A model behind an HTTP API in OpenAI's form: {@code /v1/chat/completions}, {@code /v1/completions}, {@code /v1/models};
 * beside it {@code /metrics} in Prometheus' format and {@code /health}. All requests are answered by one engine that decodes
 * them together.
 *
 * <p>An answer is a function of the request, its seed and the weights; requests that run at the same time have no
 * effect on it.
 */
public final class ApiServer implements AutoCloseable {
    private static final long SHUTDOWN_SECONDS = 20;
    /** Beyond the longest a request may take, for connections that say nothing. */
    private static final long IDLE_SECONDS = 60;

    private final ServeOptions options;
    private final EngineThread engine;
    private final PrometheusMeterRegistry registry;
    private final Vertx vertx;
    private final BodyReadExecutor readers;
    private final ApiRoutes routes;
    private int port;

    private ApiServer(ServeOptions options, EngineThread engine, Student student, Around around) {
        this.options = options;
        this.engine = engine;
        this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().commonTags("run", options.modelName(), "command", "serve");
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        SecureRandom random = new SecureRandom();
        Model model = new Model(
                options.modelName(),
                student.model().config().generationContext(),
                student.model().config().vocabSize());
        OpenAiBodyReader reader = new OpenAiBodyReader(
                model,
                student.encoder(),
                TokenCountBound.load(student.files()),
                options.capacity(),
                options.requests().defaultMaxTokens(),
                random::nextLong);
        this.readers = new BodyReadExecutor(
                around.reader().apply(reader),
                BodyIntake.mostBytes(options.requests().maxBodyBytes()));
        this.routes =
                new ApiRoutes(options, engine, readers, TokenBytes.load(student.files()), registry, model.context());
    }

    /**
     * Starts it: opens an engine on a thread of its own, which has the model for itself until {@link #close}.
     *
     * @param student what is served; stays its owner's to close, after this
     * @param options how
     * @throws ConfigurationException when the address is taken or not allowed
     */
    public static ApiServer start(Student student, ServeOptions options) {
        return start(student, options, Around.NOTHING);
    }

    /**
     * What the parts of a server are put into: for tests that hold them.
     *
     * @param engine around the engine
     * @param reader around what understands bodies
     * @param prompts around what scores prompts
     */
    record Around(
            UnaryOperator<EngineSession> engine,
            UnaryOperator<BodyReader> reader,
            UnaryOperator<PromptReadings.Model> prompts) {
        static final Around NOTHING = new Around(UnaryOperator.identity(), UnaryOperator.identity());

        Around(UnaryOperator<EngineSession> engine, UnaryOperator<BodyReader> reader) {
            this(engine, reader, UnaryOperator.identity());
        }
    }

    /** @param around what its parts are put into */
    static ApiServer start(Student student, ServeOptions options, Around around) {
        LanguageModel model = student.model();
        EngineThread engine = EngineThread.start(
                () -> {
                    model.parameters().torch().bindThread();
                    return around.engine()
                            .apply(EngineSession.open(model, student.encoder().tokenizer(), options.limits()));
                },
                new PromptReadings(
                        around.prompts().apply(PromptReadings.of(model)),
                        options.limits().prefillTokens()),
                options.capacity());
        ApiServer server = null;
        try {
            server = new ApiServer(options, engine, student, around);
            server.listen();
            return server;
        } catch (RuntimeException e) {
            if (server == null) {
                engine.close();
            } else {
                server.close();
            }
            throw e;
        }
    }

    private void listen() {
        Duration timeout = options.requests().timeLimit();
        HttpServer server = routes.on(
                vertx.createHttpServer(
                        new HttpServerOptions().setHttp2ClearTextEnabled(false).setIdleTimeout((int)
                                (timeout.toSeconds() + IDLE_SECONDS))),
                vertx);
        port = Servers.listen(server, "port", options.host(), options.port());
    }

    /** Where clients are pointed to: {@code http://HOST:PORT/v1}. */
    public String url() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return "http://" + host + ":" + port + "/v1";
    }

    /** What made the engine end, null while it is running. */
    public @Nullable Throwable failure() {
        return engine.failure();
    }

    /** Meters of this server. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /**
     * Takes no more requests, lets those that were taken be read and answered within the grace, and cancels what is left:
     * it receives an error. Requests that have not arrived completely are refused immediately; they were not accepted.
     *
     * @return requests that were taken and got no answer because of this
     */
    public int drain() throws InterruptedException {
        Admissions admissions = routes.admissions();
        admissions.close();
        onEventLoop(routes.answers()::refuseUntaken);
        if (!admissions.awaitNone(options.requests().grace())) {
            onEventLoop(routes.answers()::cancelAll);
            admissions.awaitNone(Duration.ofSeconds(SHUTDOWN_SECONDS));
        }
        return admissions.unanswered();
    }

    private void onEventLoop(Runnable work) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        vertx.runOnContext(now -> {
            try {
                work.run();
            } finally {
                done.countDown();
            }
        });
        done.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }

    /** Stops listening and frees the engine; requests that run are cut. */
    @Override
    public void close() {
        readers.close();
        Servers.close(vertx, url());
        engine.close();
        registry.close();
    }
}
