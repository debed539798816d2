package ai.preceptor.rollout.worker;

import ai.preceptor.rollout.actor.Heartbeat;
import ai.preceptor.rollout.wire.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A worker, on the learner's side. For the coordinator's context only. */
final class Worker {
    final String name;
    final Connection connection;
    final RemoteActorRef generator;
    final boolean scores;
    /** Of its silence, which does not count while this process is itself suspended. */
    final Heartbeat heartbeat = new Heartbeat(this::received);

    private final List<RemoteActorRef> refs = new ArrayList<>();
    State state = State.PREPARING;
    /** Whether the weights it fetched were outdated when it had them. */
    boolean missedRefresh;

    long version;
    long heartbeats;

    Worker(String name, Connection connection, boolean scores, RemoteActorRef generator) {
        this.name = name;
        this.connection = connection;
        this.scores = scores;
        this.generator = generator;
        refs.add(generator);
    }

    private OptionalLong received() {
        return OptionalLong.of(heartbeats);
    }

    /** A worker's state. */
    enum State {
        /** It fetches weights. */
        PREPARING,
        /** It has weights of some version. */
        READY,
        /** It gets requests. */
        SERVING
    }

    void add(RemoteActorRef ref) {
        refs.add(ref);
    }

    /** Fails its pending requests. */
    void fail(String why) {
        refs.forEach(ref -> ref.fail(why));
    }
}
