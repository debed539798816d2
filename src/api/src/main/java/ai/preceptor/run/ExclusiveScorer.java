package ai.preceptor.run;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/** A scorer that one thread at a time uses, in the order in which they ask, and that somebody else closes. */
public final class ExclusiveScorer implements Scorer {
    private final Scorer scorer;
    private final ReentrantLock inUse = new ReentrantLock(true);

    /** @param scorer stays its owner's */
    public ExclusiveScorer(Scorer scorer) {
        this.scorer = scorer;
    }

    @Override
    public String name() {
        return scorer.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        inUse.lock();
        try {
            return scorer.score(answers);
        } finally {
            inUse.unlock();
        }
    }

    @Override
    public OptionalLong steps() {
        return scorer.steps();
    }

    @Override
    public Map<String, Number> metrics() {
        return scorer.metrics();
    }

    @Override
    public boolean isRelative() {
        return scorer.isRelative();
    }
}
