package ai.preceptor.rollout.actor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** What every actor that ever was did. For any thread. */
public final class ActorStatsRegistry {
    private static final double NANO = 1e-9;

    private final LongSupplier nanoClock;
    private final List<Account> accounts = new ArrayList<>();
    private boolean closed;

    /** @param nanoClock nanoseconds from any origin */
    public ActorStatsRegistry(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Of one actor, from now on. */
    synchronized Account open(String stage, String actor, boolean remote) {
        Account account = new Account(stage, actor, remote, nanoClock.getAsLong());
        accounts.add(account);
        return account;
    }

    /** No time passes for anybody any more. */
    public synchronized void close() {
        accounts.forEach(Account::left);
        closed = true;
    }

    /** In the order in which they came. */
    public synchronized List<ActorStats> uses() {
        return accounts.stream().map(Account::use).toList();
    }

    /** One actor's. */
    final class Account {
        private final String stage;
        private final String actor;
        private final boolean remote;
        private final long since;
        private boolean gone;
        private long until;
        private long busy;
        private long prompts;
        private long tokens;

        private Account(String stage, String actor, boolean remote, long since) {
            this.stage = stage;
            this.actor = actor;
            this.remote = remote;
            this.since = since;
        }

        /** It did something. */
        void worked(long nanos, long itsPrompts, long itsTokens) {
            synchronized (ActorStatsRegistry.this) {
                busy += nanos;
                prompts += itsPrompts;
                tokens += itsTokens;
            }
        }

        /** It is gone. */
        void left() {
            synchronized (ActorStatsRegistry.this) {
                if (!gone && !closed) {
                    gone = true;
                    until = nanoClock.getAsLong();
                }
            }
        }

        private ActorStats use() {
            long end = gone ? until : nanoClock.getAsLong();
            return new ActorStats(stage, actor, remote, (end - since) * NANO, busy * NANO, prompts, tokens);
        }
    }
}
