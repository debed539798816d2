package ai.preceptor.rollout.actor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Statistics of every actor of a run, past and present. Thread-safe. */
public final class ActorStatsRegistry {
    private static final double NANO = 1e-9;

    private final LongSupplier nanoClock;
    private final List<Entry> entries = new ArrayList<>();
    private boolean closed;

    /** @param nanoClock nanoseconds from any origin */
    public ActorStatsRegistry(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Registers an actor; its time starts now. */
    synchronized Entry open(String stage, String actor, boolean remote) {
        Entry entry = new Entry(stage, actor, remote, nanoClock.getAsLong());
        entries.add(entry);
        return entry;
    }

    /** Stops the clock of every actor. */
    public synchronized void close() {
        entries.forEach(Entry::removed);
        closed = true;
    }

    /** In order of registration. */
    public synchronized List<ActorStats> stats() {
        return entries.stream().map(Entry::stats).toList();
    }

    /** One actor's statistics. */
    final class Entry {
        private final String stage;
        private final String actor;
        private final boolean remote;
        private final long since;
        private boolean gone;
        private long until;
        private long busy;
        private long prompts;
        private long tokens;

        private Entry(String stage, String actor, boolean remote, long since) {
            this.stage = stage;
            this.actor = actor;
            this.remote = remote;
            this.since = since;
        }

        /** Adds a request that succeeded. */
        void worked(long nanos, long itsPrompts, long itsTokens) {
            synchronized (ActorStatsRegistry.this) {
                busy += nanos;
                prompts += itsPrompts;
                tokens += itsTokens;
            }
        }

        /** Stops the actor's clock. */
        void removed() {
            synchronized (ActorStatsRegistry.this) {
                if (!gone && !closed) {
                    gone = true;
                    until = nanoClock.getAsLong();
                }
            }
        }

        private ActorStats stats() {
            long end = gone ? until : nanoClock.getAsLong();
            return new ActorStats(stage, actor, remote, (end - since) * NANO, busy * NANO, prompts, tokens);
        }
    }
}
