package ai.preceptor.vllm;

import ai.preceptor.data.Completion;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.message.WrongAnswerException;
import ai.preceptor.teacher.served.http.Arrival;
import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import ai.preceptor.teacher.served.http.ReplyParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are asked for together, over all servers. On one thread; replies come in over a queue.
 *
 * <p>After an outage of a server its calls wait for another, and it gets no call before it is known to have the weights. A call
 * that fails for other reasons is tried a few times and then ends the batch, which the rollouts' retries take up; so does one
 * whose connections break for as long as an outage may last, while servers can be reached.
 */
final class SampleBatch {
    private static final int ATTEMPTS = 3;

    /** How long to wait for a reply before looking after servers again. */
    private static final long LOOK_MILLIS = 200;

    private final VllmServers servers;
    private final List<AnswerCall> calls;
    private final @Nullable Completion[] answers;
    private final List<List<Origin>> origins = new ArrayList<>();
    private final int[] failures;
    /** Attempts that ended with a connection, that the server had no time for, or that it ended early. */
    private final int[] delays;
    /** When the first of them did. */
    private final long[] delayedSince;

    private final Deque<Task> waiting = new ArrayDeque<>();
    private final LinkedBlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private int running;
    private long lastSeen = System.nanoTime();
    private volatile boolean cancelled;

    SampleBatch(VllmServers servers, List<AnswerCall> calls) {
        this.servers = servers;
        this.calls = calls;
        this.answers = new Completion[calls.size()];
        calls.forEach(call -> origins.add(List.of()));
        this.failures = new int[calls.size()];
        this.delays = new int[calls.size()];
        this.delayedSince = new long[calls.size()];
    }

    /**
     * A call to make.
     *
     * @param drawn the answer, where its log-probabilities under the model itself are asked for; null where it is
     * @param drawnBy who gave it; empty where it is asked for
     */
    private record Task(int index, @Nullable Completion drawn, List<Origin> drawnBy) {
        static Task of(int index) {
            return new Task(index, null, List.of());
        }
    }

    /**
     * Whose weights a reply is of.
     *
     * @param pushes of the server when it was asked
     */
    private record Origin(VllmServer server, int pushes) {}

    private record Reply(Task task, Origin origin, String model, Arrival arrival) {
        VllmServer server() {
            return origin.server();
        }
    }

    void cancel() {
        cancelled = true;
    }

    /**
     * Asks for all.
     *
     * @return an answer to each call, in order
     * @throws TeacherException if no server has answered for too long, or servers refuse to load the weights
     * @throws WrongAnswerException if replies are not what they must be
     * @throws CancellationException if it was cancelled
     */
    List<Completion> run() {
        servers.check(servers.ready());
        for (int i = 0; i < calls.size(); i++) {
            waiting.add(Task.of(i));
        }
        do {
            while (running > 0 || !waiting.isEmpty()) {
                send();
                Reply reply = next();
                if (reply != null) {
                    running--;
                    settle(reply);
                } else if (running == 0) {
                    requireServer();
                }
            }
            askAgain(servers.check(origins.stream()
                    .flatMap(List::stream)
                    .map(Origin::server)
                    .distinct()
                    .toList()));
        } while (!waiting.isEmpty());
        return Arrays.stream(answers).map(Objects::requireNonNull).toList();
    }

    /** Answers of a server that had lost its weights are of others, noticed since then or only now. */
    private void askAgain(List<VllmServer> lost) {
        boolean named = servers.isNamed();
        for (int i = 0; i < origins.size(); i++) {
            if (origins.get(i).stream()
                    .anyMatch(one -> lost.contains(one.server())
                            || (!named && one.pushes() != one.server().pushes()))) {
                waiting.add(Task.of(i));
            }
        }
    }

    private void send() {
        while (!waiting.isEmpty()) {
            VllmServer server = servers.enter();
            if (server == null) {
                return;
            }
            Task task = waiting.removeFirst();
            AnswerCall call = calls.get(task.index());
            Origin origin = new Origin(server, server.pushes());
            String model = server.model();
            ObjectNode body = task.drawn() == null
                    ? call.body(model)
                    : call.scoring(model, task.drawn().tokenIds());
            running++;
            server.complete(Buffer.buffer(body.toString())).onComplete(end -> {
                server.leave();
                replies.add(new Reply(task, origin, model, end.result()));
            });
        }
    }

    private @Nullable Reply next() {
        if (cancelled || Thread.currentThread().isInterrupted()) {
            throw abandoned();
        }
        try {
            return replies.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw abandoned();
        }
    }

    /** Calls that run end by themselves. */
    private CancellationException abandoned() {
        return new CancellationException("sampling of " + calls.size() + " answers was cancelled");
    }

    private void settle(Reply reply) {
        lastSeen = System.nanoTime(); // even where it failed: the server was ready until then
        VllmServer server = reply.server();
        CallException failure = server.failure(reply.arrival());
        if (failure == null) {
            read(reply);
            return;
        }
        CallFailure kind = failure.kind();
        servers.failed(server, kind);
        waiting.addFirst(reply.task());
        if (kind == CallFailure.CONNECTION || kind == CallFailure.THROTTLED) {
            servers.suspect(server, String.valueOf(failure.getMessage()));
            putOff(reply, failure);
            return;
        }
        if (kind.isOutage() || kind == CallFailure.DENIED) { // 404: it has lost the adapter
            servers.suspect(server, String.valueOf(failure.getMessage()));
        }
        if (kind == CallFailure.REFUSED || ++failures[reply.task().index()] >= ATTEMPTS) {
            throw failure(reply, failure);
        }
    }

    /**
     * However often, until it has lasted as long as an outage may: the server was there when it was asked. Perhaps the call
     * itself ends it, or a proxy cuts what takes so long.
     */
    private void putOff(Reply reply, CallException failure) {
        int index = reply.task().index();
        long now = System.nanoTime();
        if (delays[index]++ == 0) {
            delayedSince[index] = now;
        }
        if (delays[index] > ATTEMPTS && now - delayedSince[index] > servers.outageNanos()) {
            throw new IllegalStateException(
                    "answer " + calls.get(index).sample() + ": " + failure.getMessage() + "; this was attempt "
                            + delays[index]
                            + " that failed so, for longer than rollout_outage, while servers could be reached",
                    failure);
        }
    }

    private RuntimeException failure(Reply reply, CallException failure) {
        return failure.kind() == CallFailure.DENIED
                ? new TeacherException(String.valueOf(failure.getMessage()), failure)
                : new IllegalStateException(
                        "answer " + calls.get(reply.task().index()).sample() + ": " + failure.getMessage(), failure);
    }

    private void read(Reply reply) {
        Task task = reply.task();
        JsonNode body = ReplyParser.json(reply.arrival().body());
        if (AnswerCall.isAborted(body)) {
            String why = reply.server().name() + ": it has ended an answer before its end";
            waiting.addFirst(task);
            servers.suspect(reply.server(), why);
            putOff(reply, new CallException(CallFailure.CONNECTION, why, false, null));
            return;
        }
        try {
            Completion drawn = task.drawn();
            Completion read = read(calls.get(task.index()), drawn, reply, body);
            List<Origin> by = new ArrayList<>(task.drawnBy());
            by.add(reply.origin());
            if (drawn == null && servers.scoresApart()) {
                waiting.addFirst(new Task(task.index(), read, by));
            } else {
                servers.sampled(reply.server(), read);
                answers[task.index()] = read;
                origins.set(task.index(), by);
            }
        } catch (WrongAnswerException e) {
            servers.failed(reply.server(), CallFailure.MALFORMED);
            waiting.addFirst(task);
            if (++failures[task.index()] >= ATTEMPTS) {
                throw e;
            }
        }
    }

    private static Completion read(AnswerCall call, @Nullable Completion drawn, Reply reply, JsonNode body) {
        String name = reply.server().name();
        if (drawn == null) {
            return call.read(name, reply.model(), body);
        }
        float[] own = call.readScores(name, reply.model(), body, drawn.tokenIds());
        return new Completion(drawn.text(), drawn.tokenIds(), own, drawn.samplerLogprobs(), drawn.finishReason());
    }

    /** Nothing runs: some server must come back in time. */
    private void requireServer() {
        servers.revive();
        if (servers.ready().isEmpty() && System.nanoTime() - lastSeen > servers.outageNanos()) {
            throw new TeacherException(servers.gone());
        }
    }
}
