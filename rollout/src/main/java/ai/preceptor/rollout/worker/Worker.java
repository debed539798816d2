package ai.preceptor.rollout.worker;

import ai.preceptor.rollout.wire.Connection;
import java.util.ArrayList;
import java.util.List;

/** Another process that works for this run, as the learner sees it. For the coordinator's context. */
final class Worker {
    final String name;
    final Connection connection;
    final RemoteActorRef generating;
    final boolean scores;
    private final List<RemoteActorRef> lines = new ArrayList<>();
    State state = State.PREPARING;
    /** The weights that it took were no longer valid when it had them. */
    boolean late;

    long version;
    long heardAt;

    Worker(String name, Connection connection, boolean scores, RemoteActorRef generating, long now) {
        this.name = name;
        this.connection = connection;
        this.scores = scores;
        this.generating = generating;
        this.heardAt = now;
        lines.add(generating);
    }

    /** How far it is. */
    enum State {
        /** It takes weights. */
        PREPARING,
        /** It has weights of some version. */
        READY,
        /** It gets orders. */
        SERVING
    }

    void add(RemoteActorRef line) {
        lines.add(line);
    }

    /** What was asked of it fails. */
    void cut(String why) {
        lines.forEach(line -> line.cut(why));
    }
}
