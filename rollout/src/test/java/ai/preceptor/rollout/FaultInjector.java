package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.sleep;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Injects faults at random, from a seed. */
public final class FaultInjector {
    private final SplittableRandom random;
    final AtomicInteger made = new AtomicInteger();

    public FaultInjector(long seed) {
        random = new SplittableRandom(seed);
    }

    synchronized int next() {
        return random.nextInt(14);
    }

    /** Throws or sleeps too long, sometimes; returns whether to answer wrongly. */
    public boolean happens() {
        int what = next();
        if (what < 3) {
            made.incrementAndGet();
        }
        if (what == 0) {
            throw new IllegalStateException("injected");
        }
        if (what == 1) {
            sleep(5000); // until it is interrupted
        }
        return what == 2;
    }

    /** Lengths of the answers, unless a fault is injected. */
    public List<Score> scores(List<Answer> answers) {
        boolean wrong = happens();
        List<Score> scores = new ArrayList<>();
        answers.forEach(answer -> scores.add(Score.of(answer.text().asString().length())));
        return wrong ? scores.subList(1, scores.size()) : scores;
    }
}
