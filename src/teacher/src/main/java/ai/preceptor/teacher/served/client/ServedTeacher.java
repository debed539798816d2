package ai.preceptor.teacher.served.client;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.chat.ChatModel;
import ai.preceptor.teacher.chat.ChatReply;
import ai.preceptor.teacher.chat.ChatRequest;
import ai.preceptor.teacher.chat.LabelReading;
import ai.preceptor.teacher.chat.LabelRequest;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.ledger.LedgerTotals;
import ai.preceptor.teacher.served.http.CallEndpoint;
import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A teacher behind an OpenAI-compatible server, asked over HTTP.
 *
 * <p>Calls are sent side by side as far as the limits go. One that meets a 429, a 5xx, a broken connection, a deadline or a
 * malformed answer is sent again, after a rest that grows, is drawn at random within bounds, and heeds {@code Retry-After};
 * another 4xx never is. While the server fails every call, or refuses it with a 429, calls pause, see
 * {@link Backoff}. The highest cost of a call is reserved in the ledger before it is sent, and what it came to is kept there
 * before it is used. No request with a reply there is sent again, and none that was answered three times without one.
 *
 * <p>For any number of threads, which it blocks.
 */
public final class ServedTeacher implements ChatModel {
    private static final Logger LOG = LoggerFactory.getLogger(ServedTeacher.class);
    private static final long CLOSING_SECONDS = 10;

    private final ServerOptions options;
    private final CallLedger ledger;
    private final Vertx vertx;
    private final Context context;
    private final CallEndpoint endpoint;
    private final TeacherMeters meters;
    private final BilledCalls billed;
    private final RetryingClient retrying;
    private final CachingClient calls;
    private final Map<CallFailure, Long> unanswered = new EnumMap<>(CallFailure.class);
    private volatile boolean answered;

    /**
     * Opens it; nothing is sent before the first question.
     *
     * @param options the server
     * @param ledger where replies are kept; stays its owner's to close, after this
     * @param registry where meters go
     */
    public ServedTeacher(ServerOptions options, CallLedger ledger, MeterRegistry registry) {
        this.options = options;
        this.ledger = ledger;
        LedgerTotals before = ledger.totals(); // first, since it is what may fail
        this.answered = before.calls() > 0;
        if (before.openCost() > 0) {
            LOG.warn(
                    "teacher {}: {} calls in the ledger are in flight in another run, or were when it was killed: each"
                            + " counts with its highest cost, {} in all",
                    options.label(),
                    before.open(),
                    String.format(Locale.ROOT, "%.6g", before.openCost()));
        }
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        this.context = vertx.getOrCreateContext();
        this.endpoint = new CallEndpoint(
                vertx,
                options.url(),
                options.key(),
                options.limits().teacherConcurrency(),
                options.limits().timeout(),
                Clock.systemUTC());
        this.meters = new TeacherMeters(registry);
        SplittableRandom random = new SplittableRandom();
        this.billed = new BilledCalls(vertx, options, ledger, meters, endpoint, System::nanoTime);
        this.retrying = new RetryingClient(vertx, options, billed, meters, System::nanoTime, random::nextDouble);
        this.calls = new CachingClient(vertx, ledger, retrying, billed, meters);
    }

    /** The teacher as reports call it: model and host. */
    @Override
    public String name() {
        return options.label();
    }

    /** Totals of all calls of the ledger, including those of earlier runs. */
    public LedgerTotals totals() {
        return ledger.totals();
    }

    /** How many questions were not answered so far, by the kind of the failure, as meters call it. */
    public Map<String, Long> unanswered() {
        Map<String, Long> named = new LinkedHashMap<>();
        synchronized (unanswered) {
            unanswered.forEach((kind, count) -> named.put(kind.label(), count));
        }
        return named;
    }

    /**
     * Sends all calls together and waits for all.
     *
     * @return per request, in order, the reply or the first cause why there is none
     * @throws TeacherException if no call will ever be answered: a wrong key, model or address, a server that is gone
     * @throws ScorerException if not one of them was answered, and not only because of what they ask: then the teacher must
     *     have answered another before
     * @throws CostLimitException if the cap is reached
     * @throws InterruptedRunException if {@link #stop} was called and some of them had not begun
     * @throws CancellationException if the thread is interrupted; what is in flight still comes into the ledger
     */
    public List<Asked> call(List<? extends TeacherCall> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        List<Future<ChatReply>> asked = all(requests);
        List<Asked> outcomes = new ArrayList<>(asked.size());
        List<CallException> failures = new ArrayList<>();
        for (Future<ChatReply> one : asked) {
            if (one.succeeded()) {
                outcomes.add(new Asked(one.result(), null));
                continue;
            }
            if (!(one.cause() instanceof CallException failure)) {
                throw rethrown(one.cause());
            }
            unanswered(failure);
            failures.add(failure);
            outcomes.add(new Asked(null, failure.getMessage()));
        }
        requireSome(asked.size(), failures);
        return outcomes;
    }

    /** A server that has answered before is not at fault where it refuses every question of a small batch. */
    private void requireSome(int asked, List<CallException> failures) {
        if (failures.size() < asked) {
            answered = true;
        } else if (!answered
                || !failures.stream().allMatch(failure -> failure.kind().isOfTheCall())) {
            throw new ScorerException(
                    "teacher " + name() + ": none of " + asked + " calls was answered, the first because of: "
                            + failures.get(0).getMessage(),
                    failures.get(0));
        }
    }

    /** As {@link #call}. */
    @Override
    public List<Asked> ask(List<ChatRequest> requests) {
        return call(requests.stream().map(ChatCall::new).toList());
    }

    /**
     * As {@link #call}. A label that is not among the 20 most probable tokens, all that servers tell, leaves its request without
     * log-probabilities.
     */
    @Override
    public List<LabelReading> labels(List<LabelRequest> requests) {
        List<LabelCall> calls = requests.stream().map(LabelCall::new).toList();
        List<Asked> asked = call(calls);
        List<LabelReading> readings = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            ChatReply reply = asked.get(i).reply();
            readings.add(
                    reply == null
                            ? LabelReading.unanswered(
                                    String.valueOf(asked.get(i).problem()))
                            : calls.get(i).reading(reply.text()));
        }
        return readings;
    }

    private void unanswered(CallException failure) {
        boolean first;
        synchronized (unanswered) {
            first = unanswered.merge(failure.kind(), 1L, Long::sum) == 1;
        }
        if (first) {
            LOG.warn(
                    "teacher {}: a question was not answered: {} (others of the same kind, {}, are only counted)",
                    name(),
                    failure.getMessage(),
                    failure.kind().label());
        }
    }

    private List<Future<ChatReply>> all(List<? extends TeacherCall> requests) {
        List<PreparedCall> prepared = requests.stream()
                .map(request -> PreparedCall.of(request, options, endpoint.address(request.path())))
                .toList();
        CompletableFuture<List<Future<ChatReply>>> done = new CompletableFuture<>();
        context.runOnContext(begin -> {
            List<Future<ChatReply>> futures = prepared.stream().map(calls::ask).toList();
            Future.join(futures).onComplete(end -> done.complete(futures));
        });
        try {
            return done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException(
                    "teacher " + name() + ": interrupted while waiting for " + requests.size() + " replies");
        } catch (ExecutionException e) {
            throw rethrown(e.getCause() == null ? e : e.getCause());
        }
    }

    private RuntimeException rethrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException same
                ? same
                : new TeacherException(
                        "teacher " + name() + ": " + options.key().hide(String.valueOf(cause.getMessage())), cause);
    }

    /**
     * Lets no call begin any more, and returns at once; from any thread, before {@link #close}. Calls in flight end as far as
     * they are answered: none is tried again.
     */
    public void stop() {
        context.runOnContext(stop -> retrying.shut(new InterruptedRunException("teacher " + name()
                + ": interrupted; what was answered is in the ledger of calls, continue with resume=true")));
    }

    /** Lets no call begin any more, waits for those that run no longer than a few seconds, and ends its threads. */
    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        context.runOnContext(end -> {
            retrying.shut(new CancellationException("teacher " + name() + ": closed"));
            calls.settled().onComplete(paidFor -> {
                billed.close();
                endpoint.close();
                vertx.close().onComplete(done -> closed.complete(null));
            });
        });
        try {
            closed.get(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("teacher {}: calls are still in flight after {} s and are abandoned", name(), CLOSING_SECONDS);
            billed.close();
            vertx.close();
        } finally {
            meters.close();
        }
    }
}
