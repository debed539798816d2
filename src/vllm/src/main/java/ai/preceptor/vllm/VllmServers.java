package ai.preceptor.vllm;

import ai.preceptor.data.Completion;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.worker.WeightsPublisher;
import ai.preceptor.teacher.served.http.ApiKey;
import ai.preceptor.teacher.served.http.CallEndpoint;
import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import ai.preceptor.teacher.served.http.ReplyParser;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servers of a run: which one gets the next call, which weights they must have, and which cannot be reached now. A server
 * that failed gets no call before it has answered and has the weights of the last publication. For any thread.
 */
public final class VllmServers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VllmServers.class);

    /** Of questions that a server answers at once, unless it has just started. */
    private static final Duration SHORT = Duration.ofSeconds(30);

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final PublishedVersion AS_STARTED = new PublishedVersion(-1, Path.of("."), null);

    private final VllmSettings settings;
    private final Vertx vertx;
    private final List<CallEndpoint> endpoints = new ArrayList<>();
    private final List<VllmServer> servers = new ArrayList<>();
    private final ServerMeters meters;
    private final ServerStart start;

    private final WeightAgreement agreement = new WeightAgreement();
    private final Object publishing = new Object();
    private volatile WeightPublication publication;
    private volatile @Nullable WeightsPublisher files;
    private volatile @Nullable StudentProbe probe;
    private volatile PublishedVersion published = AS_STARTED;
    private volatile String lastFailure = "none";

    private VllmServers(VllmSettings settings, SamplingTerms terms, boolean shorter, MeterRegistry registry) {
        this.settings = settings;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        ApiKey key = settings.key();
        ReplyParser replies = new ReplyParser(key);
        settings.roots(key).forEach(root -> {
            // one more, for weights
            CallEndpoint calls = new CallEndpoint(
                    vertx, root, key, settings.rolloutConcurrency() + 1, settings.timeout(), Clock.systemUTC());
            CallEndpoint asking = new CallEndpoint(vertx, root, key, 2, SHORT, Clock.systemUTC());
            endpoints.add(calls);
            endpoints.add(asking);
            servers.add(new VllmServer(root.toString(), calls, asking, replies));
        });
        this.meters = new ServerMeters(registry, servers);
        this.start = new ServerStart(terms, shorter, settings.rolloutModel());
        this.publication = new StartedWeights("");
    }

    /**
     * Connects, and asks every server what it is: its version, its models, and for one answer.
     *
     * @param settings with at least one server
     * @param terms of all answers
     * @param registry where meters go
     * @throws ai.preceptor.data.ConfigurationException naming what a server cannot do
     * @throws TeacherException if a server does not answer, or is none of vLLM
     */
    public static VllmServers open(VllmSettings settings, SamplingTerms terms, MeterRegistry registry) {
        return opened(new VllmServers(settings, terms, false, registry));
    }

    /** The same, with a context that is the servers' where theirs is shorter: see {@link #context}. */
    public static VllmServers openWithin(VllmSettings settings, SamplingTerms terms, MeterRegistry registry) {
        return opened(new VllmServers(settings, terms, true, registry));
    }

    private static VllmServers opened(VllmServers opened) {
        try {
            for (VllmServer server : opened.servers) {
                opened.start.check(server);
            }
            opened.publication = new StartedWeights(opened.start.model());
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The student's name on the servers. */
    public String model() {
        return start.model();
    }

    /**
     * From now on servers get the weights of every version, and are compared with the student after each.
     *
     * @param how servers take them
     * @param weights writes them; closed with this
     * @param student what the servers are compared with; null for no comparison
     * @param version of the first
     * @throws TeacherException if a server refuses them, or has another model
     */
    public void publish(WeightPublication how, WeightsPublisher weights, @Nullable StudentProbe student, long version) {
        publication = how;
        files = weights;
        probe = student;
        publish(version);
    }

    /** One more engine over all servers. */
    public VllmEngine engine() {
        return new VllmEngine(this);
    }

    /** How many engines keep the servers busy: one each, so that one engine's last answers do not leave the others idle. */
    public int engines() {
        return servers.size();
    }

    /** Most tokens of prompt and answer together. */
    public int context() {
        return terms().context();
    }

    /**
     * Compares what ids mean.
     *
     * @param spelling the student's text of a token
     * @throws ai.preceptor.data.ConfigurationException if more than one id in ten means something else to a server
     * @throws TeacherException if a server does not tell
     */
    public void requireVocabulary(IntFunction<String> spelling) {
        prepareAll();
        ready().forEach(server -> start.requireVocabulary(server, spelling));
    }

    SamplingTerms terms() {
        return start.terms();
    }

    boolean scoresApart() {
        return terms().isReshaped();
    }

    /** Whether an answer's call names the weights. */
    boolean isNamed() {
        return publication.isNamed();
    }

    long outageNanos() {
        return settings.outage().toNanos();
    }

    /** Writes and pushes a version, once; a server that cannot be reached gets it when it is back. */
    void publish(long version) {
        WeightsPublisher writer = files;
        if (writer == null) {
            return;
        }
        synchronized (publishing) {
            if (version <= published.version()) {
                return;
            }
            StudentProbe student = probe;
            float[] own = student == null ? null : student.logprobs().get();
            published = new PublishedVersion(version, writer.publish(version), own);
            servers.forEach(VllmServer::suspect);
            prepareAll();
        }
    }

    /** The ready server with the fewest calls, with one more; null if none has a place. */
    @Nullable
    VllmServer enter() {
        revive();
        List<VllmServer> byLoad = new ArrayList<>(servers);
        byLoad.sort(Comparator.comparingInt(VllmServer::outstanding));
        for (VllmServer server : byLoad) {
            if (server.enter(settings.rolloutConcurrency())) {
                return server;
            }
        }
        return null;
    }

    List<VllmServer> ready() {
        return servers.stream().filter(VllmServer::isReady).toList();
    }

    /** Tries those that are not ready, each at most once a second. */
    void revive() {
        for (VllmServer server : servers) {
            if (server.isToBeTried(System.nanoTime(), PAUSE)) {
                prepare(server);
            }
        }
    }

    /** At once, since it may take minutes. */
    private void prepareAll() {
        ExecutorService threads = Executors.newFixedThreadPool(servers.size(), task -> {
            Thread thread = new Thread(task, "rollout-weights");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<?>> all = new ArrayList<>();
            servers.forEach(server -> all.add(threads.submit(() -> prepare(server))));
            for (Future<?> one : all) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while servers load weights");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private void prepare(VllmServer server) {
        try {
            server.prepare(publication, () -> published, wanted -> {
                meters.pushed(server);
                compare(server, wanted);
            });
        } catch (CallException e) {
            failed(server, e.kind());
            server.suspect();
            lastFailure = String.valueOf(e.getMessage());
            if (!e.kind().isOutage()) {
                throw new TeacherException(
                        "rollout server " + server.name() + ": cannot take version " + published.version() + ": "
                                + e.getMessage() + "; it needs " + publication.needs(),
                        e);
            }
            LOG.warn("rollout server {}: {}", server.name(), e.getMessage());
        }
    }

    /** A server that says it has the weights and computes with others would be believed otherwise. */
    private void compare(VllmServer server, PublishedVersion wanted) {
        StudentProbe student = probe;
        float[] own = wanted.logprobs();
        if (student != null && own != null) {
            agreement.require(server.name(), wanted.version(), own, start.logprobs(server, student.ids()));
        }
    }

    /** Those of these servers that have lost their weights, or do not tell; they get them again before the next call. */
    List<VllmServer> check(List<VllmServer> some) {
        List<VllmServer> lost = new ArrayList<>();
        WeightPublication how = publication;
        for (VllmServer server : some) {
            try {
                if (!how.isNamed() && !server.hasWeights(how)) {
                    lost.add(server);
                    suspect(server, server.name() + ": was started again and has lost the weights");
                }
            } catch (CallException e) {
                lost.add(server);
                suspect(server, String.valueOf(e.getMessage()));
            }
        }
        return lost;
    }

    void suspect(VllmServer server, String why) {
        if (server.isReady()) {
            LOG.warn("rollout server {}: {}; its answers are asked for again", server.name(), why);
        }
        lastFailure = why;
        server.suspect();
    }

    void failed(VllmServer server, CallFailure kind) {
        meters.failed(server, kind);
    }

    void sampled(VllmServer server, Completion answer) {
        meters.sampled(server, answer.length());
    }

    /** Why the run ends. */
    String gone() {
        return "rollout servers "
                + servers.stream().map(VllmServer::name).toList() + ": none could be reached for "
                + settings.rolloutOutage() + " s, the last failure: " + lastFailure + "; weights need "
                + publication.needs();
    }

    private void release(VllmServer server) {
        try {
            publication.release(server);
        } catch (CallException | CancellationException e) { // nothing else may stay open for it
            LOG.warn("rollout server {}: keeps an adapter of this run: {}", server.name(), e.getMessage());
        }
    }

    @Override
    public void close() {
        ready().forEach(this::release);
        endpoints.forEach(CallEndpoint::close);
        vertx.close();
        meters.close();
        WeightsPublisher writer = files;
        if (writer != null) {
            writer.close();
        }
    }
}
