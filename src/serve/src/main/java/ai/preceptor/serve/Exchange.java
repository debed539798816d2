package ai.preceptor.serve;

import ai.preceptor.data.FinishReason;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.RankedTokens;
import ai.preceptor.lm.engine.GenerationEvent;
import ai.preceptor.lm.engine.GenerationHandle;
import ai.preceptor.lm.generate.GeneratedSample;
import ai.preceptor.lm.generate.GeneratedToken;
import ai.preceptor.serve.Admissions.Admission;
import ai.preceptor.serve.AnswerRoute.Parts;
import ai.preceptor.serve.ReplyFormat.Head;
import ai.preceptor.serve.ReplyFormat.Piece;
import ai.preceptor.serve.ReplyFormat.ScoredPrompt;
import ai.preceptor.serve.ReplyFormat.Usage;
import ai.preceptor.serve.ServeMeters.Cancelled;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.ApiRequest;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request in progress: receives its answers and sends them to the client. On the event loop, except where it says
 * otherwise.
 */
final class Exchange implements EngineThread.Listener, PromptReadings.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private final Context context;
    private final HttpServerRequest call;
    private final Admission admission;
    private final ApiRequest request;
    private final Reply reply;
    private final Parts parts;
    private final long began;
    private final GeneratedSample[] done;
    private final List<List<GeneratedToken>> untold = new ArrayList<>();
    private final int[] offsets;
    private final @Nullable EventStream stream;
    private List<GenerationHandle> handles = List.of();
    private PromptReadings.@Nullable Reading reading;
    private @Nullable List<RankedTokens> prompts;
    private boolean firstToken;
    private boolean over;

    /**
     * How the reply is written.
     *
     * @param format of its objects
     * @param head of each
     */
    record Reply(ReplyFormat format, Head head) {}

    /**
     * @param one to be responded to; this is its event loop
     * @param parts what exchanges share
     * @param admission ends with the response
     * @param began when the request was taken, by {@link System#nanoTime}
     */
    Exchange(RoutingContext one, ApiRequest request, Reply reply, Parts parts, Admission admission, long began) {
        this.context = one.vertx().getOrCreateContext();
        this.call = one.request();
        this.admission = admission;
        this.request = request;
        this.reply = reply;
        this.parts = parts;
        this.began = began;
        this.done = new GeneratedSample[request.choices()];
        this.offsets = new int[request.choices()];
        for (int i = 0; i < done.length; i++) {
            untold.add(new ArrayList<>());
        }
        this.stream = request.reply().stream() ? new EventStream(one.request(), this::lost) : null;
    }

    /**
     * Queues it, with the time that is left. From then on every outcome is reported to the client.
     *
     * @throws ApiException if there is no room
     * @throws IllegalArgumentException if it cannot be done
     */
    void begin() {
        Duration left = parts.options().requests().timeLimit().minusNanos(System.nanoTime() - began);
        Duration limit = left.isNegative() ? Duration.ZERO : left;
        parts.room().take(request.answerEntries());
        try {
            if (request.reply().promptLogprobs() != null) {
                reading = parts.engine().read(request, limit, this);
            }
            handles = parts.engine().submit(request.forEngine(limit), this);
        } catch (RuntimeException e) {
            end();
            throw e;
        }
        guarded(this::open);
    }

    private void open() {
        if (stream == null) {
            return;
        }
        stream.open();
        for (int i = 0; i < done.length && reply.format().names().announces(); i++) {
            stream.send(chunk(new Piece(i, "", null, 0, null)));
        }
    }

    /** A defect while a client is answered ends its answer, so that the engine does not continue without a receiver. */
    private void guarded(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            LOG.error("an answer was broken off because of a defect", e);
            giveUp(Cancelled.DEFECT);
            call.connection().close();
        }
    }

    private void lost(boolean slow) {
        giveUp(slow ? Cancelled.SLOW : Cancelled.CLIENT);
    }

    /** The connection is closed. */
    void gone() {
        giveUp(Cancelled.CLIENT);
    }

    /** On the engine's thread. */
    @Override
    public void happened(GenerationEvent event) {
        context.runOnContext(now -> guarded(() -> take(event)));
    }

    /** On the engine's thread. */
    @Override
    public void failed() {
        context.runOnContext(
                now -> guarded(() -> fail(ApiException.unavailable("engine_failed", "the engine has failed"))));
    }

    /** On the engine's thread. */
    @Override
    public void read(List<RankedTokens> scored) {
        context.runOnContext(now -> guarded(() -> {
            if (!over) {
                prompts = scored;
                completeIfDone();
            }
        }));
    }

    /** On the engine's thread, or that of a shutdown. */
    @Override
    public void unread(ApiException problem) {
        context.runOnContext(now -> guarded(() -> {
            if (!over) {
                handles.forEach(GenerationHandle::cancel);
                fail(problem, problem.isShutdown());
            }
        }));
    }

    private void take(GenerationEvent event) {
        int place = handles.indexOf(event.handle());
        if (over || place < 0) { // answered already, or never begun because another prompt was refused
            return;
        }
        int index = place * request.samples() + event.sample();
        if (event instanceof GenerationEvent.Progress progress) {
            progress(index, progress);
        } else if (event instanceof GenerationEvent.Finished finished) {
            finished(index, finished);
        } else if (event instanceof GenerationEvent.Failed failed) {
            handles.forEach(GenerationHandle::cancel);
            fail(problem(failed.cause()));
        }
    }

    private static ApiException problem(RuntimeException cause) {
        return cause instanceof NotFiniteException ? ApiException.notFinite() : ApiException.failed();
    }

    private void progress(int index, GenerationEvent.Progress progress) {
        if (!firstToken) {
            firstToken = true;
            parts.meters().firstToken(System.nanoTime() - began);
        }
        untold.get(index).add(progress.token());
        if (!progress.text().isEmpty() || request.reply().logprobs()) {
            tell(index, progress.text(), null);
        }
    }

    private void finished(int index, GenerationEvent.Finished finished) {
        FinishReason reason = finished.result().completion().finishReason();
        if (reason == FinishReason.CANCELLED) {
            cancelOthers(Cancelled.SHUTDOWN);
            fail(ApiException.shuttingDown(), true);
            return;
        }
        if (reason == FinishReason.DEADLINE) {
            cancelOthers(Cancelled.DEADLINE);
            fail(ApiException.deadline(parts.options().requests().timeLimit()));
            return;
        }
        done[index] = finished.result();
        if (stream != null) {
            tell(index, finished.text(), word(reason));
        }
        completeIfDone();
    }

    private void completeIfDone() {
        boolean scored = request.reply().promptLogprobs() == null || prompts != null;
        if (scored && Arrays.stream(done).allMatch(Objects::nonNull)) {
            complete();
        }
    }

    /** Nothing more is told after this. */
    private void end() {
        over = true;
        parts.room().giveBack(request.answerEntries());
        if (reading != null) {
            reading.close();
        }
    }

    private static String word(FinishReason reason) {
        return reason == FinishReason.LENGTH ? "length" : "stop";
    }

    /** Streams what is new of an answer. */
    private void tell(int index, String text, @Nullable String finish) {
        List<GeneratedToken> tokens = null;
        int offset = offsets[index];
        if (request.reply().logprobs()) {
            tokens = List.copyOf(untold.get(index));
            for (GeneratedToken token : tokens) {
                offsets[index] += reply.format().spelt(token.id()).length();
            }
        }
        untold.get(index).clear();
        Objects.requireNonNull(stream, "streams only").send(chunk(new Piece(index, text, tokens, offset, finish)));
    }

    private JsonNode chunk(Piece piece) {
        return reply.format().chunk(reply.head(), piece, request.reply().usage());
    }

    private void complete() {
        end();
        int completion =
                Arrays.stream(done).mapToInt(one -> one.tokens().size()).sum();
        Usage usage = new Usage(request.promptTokens(), completion);
        if (stream != null) {
            if (request.reply().usage()) {
                stream.send(reply.format().count(reply.head(), usage));
            }
            admission.told(stream.end());
            return;
        }
        List<Piece> answers = new ArrayList<>();
        for (int i = 0; i < done.length; i++) {
            answers.add(new Piece(
                    i,
                    done[i].completion().text(),
                    request.reply().logprobs() ? done[i].tokens() : null,
                    0,
                    word(done[i].completion().finishReason()),
                    scoredPrompt(i / request.samples())));
        }
        // of many answers with alternatives to each token millions of values: not for the loop that serves all others
        context.executeBlocking(() -> Buffer.buffer(
                        reply.format().reply(reply.head(), answers, usage).toString()))
                .onSuccess(bytes -> admission.told(call.response()
                        .putHeader("content-type", "application/json")
                        .end(bytes)))
                .onFailure(
                        defect -> admission.told(ErrorReply.send(context.owner(), call, ErrorReply.problem(defect))));
    }

    private @Nullable ScoredPrompt scoredPrompt(int index) {
        return prompts == null ? null : new ScoredPrompt(request.prompts().get(index), prompts.get(index));
    }

    private void fail(ApiException problem) {
        fail(problem, false);
    }

    private void fail(ApiException problem, boolean shutdown) {
        if (over) {
            return;
        }
        end();
        Future<Void> told;
        if (stream != null) { // its status has been sent
            stream.send(problem.toJson());
            told = stream.close();
        } else {
            told = ErrorReply.send(context.owner(), call, problem);
        }
        if (shutdown) {
            admission.toldOfShutdown(told);
        } else {
            admission.told(told);
        }
    }

    private void giveUp(Cancelled reason) {
        if (!over) {
            end();
            cancelOthers(reason);
        }
    }

    private void cancelOthers(Cancelled reason) {
        long open = Arrays.stream(done).filter(Objects::isNull).count();
        parts.meters().cancelled(reason, (int) open);
        handles.forEach(GenerationHandle::cancel);
    }
}
