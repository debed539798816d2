package ai.preceptor.tinker;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A reply's body, written where it belongs while it comes, up to a limit. */
final class BoundedBody implements BodySubscriber<Long> {
    private final OutputStream sink;
    private final long limit;
    private final CompletableFuture<Long> whole = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private long length;

    /**
     * @param sink receives the body; stays open
     * @param limit most bytes
     */
    BoundedBody(OutputStream sink, long limit) {
        this.sink = sink;
        this.limit = limit;
    }

    @Override
    public CompletionStage<Long> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        Flow.Subscription flow = subscription;
        if (flow == null || whole.isDone()) {
            return;
        }
        try {
            for (ByteBuffer part : parts) {
                length += part.remaining();
                if (length > limit) {
                    throw new IOException("a reply longer than " + limit + " bytes");
                }
                byte[] bytes = new byte[part.remaining()];
                part.get(bytes);
                sink.write(bytes);
            }
            flow.request(1);
        } catch (IOException e) {
            flow.cancel();
            whole.completeExceptionally(e);
        }
    }

    @Override
    public void onError(Throwable cause) {
        whole.completeExceptionally(cause);
    }

    @Override
    public void onComplete() {
        whole.complete(length);
    }
}
