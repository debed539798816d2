package ai.preceptor.rollout;

import static ai.preceptor.rollout.Rollouts.sleep;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong, drawn from a seed. */
public final class Trouble {
    private final SplittableRandom random;
    final AtomicInteger made = new AtomicInteger();

    public Trouble(long seed) {
        random = new SplittableRandom(seed);
    }

    synchronized int next() {
        return random.nextInt(14);
    }

    /** Throws or sleeps too long, sometimes; says whether to lie. */
    public boolean happens() {
        int what = next();
        if (what < 3) {
            made.incrementAndGet();
        }
        if (what == 0) {
            throw new IllegalStateException("trouble");
        }
        if (what == 1) {
            sleep(5000); // until it is interrupted
        }
        return what == 2;
    }

    /** Lengths of the answers, where nothing goes wrong. */
    public List<Score> scores(List<Answer> answers) {
        boolean lies = happens();
        List<Score> scores = new ArrayList<>();
        answers.forEach(answer -> scores.add(Score.of(answer.text().asString().length())));
        return lies ? scores.subList(1, scores.size()) : scores;
    }
}
