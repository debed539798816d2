package ai.preceptor.serve;

import ai.preceptor.serve.Admissions.Admission;
import ai.preceptor.serve.AnswerRoute.Parts;
import ai.preceptor.serve.ReplyFormat.Head;
import ai.preceptor.serve.request.ApiException;
import ai.preceptor.serve.request.ApiRequest;
import ai.preceptor.serve.request.BodyReader;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An accepted request: its timeout includes the time to parse its body and the engine's time. On the event loop. */
final class TakenRequest implements BodyReadExecutor.Listener {
    private final RoutingContext one;
    private final Context context;
    private final BodyReader.Kind kind;
    private final Admission admission;
    private final Parts parts;
    private final Consumer<TakenRequest> leftReading;
    private final long began = System.nanoTime();
    private boolean toBeRead = true;
    private BodyReadExecutor.@Nullable Reading reading;
    private @Nullable Exchange exchange;
    private long timer;

    /** @param leftReading called once when its body is read, or need not be any more */
    TakenRequest(
            RoutingContext one,
            BodyReader.Kind kind,
            Admission admission,
            Parts parts,
            Consumer<TakenRequest> leftReading) {
        this.one = one;
        this.context = one.vertx().getOrCreateContext();
        this.kind = kind;
        this.admission = admission;
        this.parts = parts;
        this.leftReading = leftReading;
    }

    /** Has its body read. Whatever happens from then on, the admission ends. */
    void begin(byte[] body) {
        Duration timeout = parts.options().requests().timeLimit();
        timer = one.vertx().setTimer(Math.max(1, timeout.toMillis()), late -> refuse(ApiException.deadline(timeout)));
        one.addEndHandler(end -> over());
        try {
            reading = parts.readers().submit(kind, body, this);
        } catch (ApiException e) {
            refuse(e);
        }
    }

    /** On the thread that read it. */
    @Override
    public void read(ApiRequest request) {
        context.runOnContext(now -> answer(request));
    }

    /** On the thread that read it. */
    @Override
    public void failed(Throwable failure) {
        context.runOnContext(now -> refuse(failure));
    }

    private void answer(ApiRequest request) {
        if (!leaveReading()) {
            return;
        }
        ReplyFormat format = kind == BodyReader.Kind.CHAT ? parts.chat() : parts.completion();
        Head head = new Head(
                format.names().prefix() + UUID.randomUUID().toString().replace("-", ""),
                Instant.now().getEpochSecond(),
                parts.options().modelName());
        try {
            Exchange begun = new Exchange(one, request, new Exchange.Reply(format, head), parts, admission, began);
            begun.begin();
            exchange = begun;
        } catch (RuntimeException e) {
            tell(e);
        }
    }

    private void refuse(Throwable failure) {
        if (leaveReading()) {
            tell(failure);
        }
    }

    private void tell(Throwable failure) {
        admission.told(ErrorReply.send(one.vertx(), one.request(), ErrorReply.problem(failure)));
    }

    /** The server stops, and its body has not been read. */
    void shutDown() {
        if (leaveReading()) {
            admission.toldOfShutdown(ErrorReply.send(one.vertx(), one.request(), ApiException.shuttingDown()));
        }
    }

    /** @return whether its body was still to be read */
    private boolean leaveReading() {
        if (!toBeRead) {
            return false;
        }
        toBeRead = false;
        if (reading != null) {
            reading.drop();
            reading = null;
        }
        one.vertx().cancelTimer(timer);
        leftReading.accept(this);
        return true;
    }

    /** The answer is complete, or the connection is closed before that. */
    private void over() {
        if (one.response().ended()) {
            return;
        }
        leaveReading();
        if (exchange != null) {
            exchange.gone();
        }
        admission.gone();
    }
}
