package ai.preceptor.teacher;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A teacher that is a function: a length, a pattern, a comparison with a column of the prompt.
 *
 * <p>An answer for which the rule throws or gives no finite number is unscored, with the reason, and the others keep
 * their scores; if it throws for every answer the rule is broken, and that is an error.
 */
public final class RuleScorer implements Scorer {
    private static final Logger LOG = LoggerFactory.getLogger(RuleScorer.class);

    private final String name;
    private final ToDoubleFunction<Answer> rule;
    private final AtomicLong looked = new AtomicLong();

    /**
     * A rule under a name.
     *
     * @param name what it looks at, such as {@code distinct_words}; the scorer's name is {@code rule:} and this
     * @param rule higher is better; must not depend on earlier calls
     */
    public RuleScorer(String name, ToDoubleFunction<Answer> rule) {
        this.name = "rule:" + name;
        this.rule = rule;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        List<Score> scores = new ArrayList<>(answers.size());
        RuntimeException failure = null;
        int failures = 0;
        for (Answer answer : answers) {
            looked.incrementAndGet();
            try {
                double value = rule.applyAsDouble(answer);
                scores.add(Double.isFinite(value) ? Score.of(value) : Score.unscored(name + " gave " + value));
            } catch (RuntimeException e) {
                LOG.debug("{}: no score for \"{}\"", name, answer.text().asString(), e);
                scores.add(Score.unscored(name + " failed: " + e));
                failure = e;
                failures++;
            }
        }
        requireSome(answers.size(), failures, failure);
        return scores;
    }

    /** Answers looked at. */
    @Override
    public OptionalLong steps() {
        return OptionalLong.of(looked.get());
    }

    private void requireSome(int answers, int failures, @Nullable RuntimeException last) {
        if (last != null && failures == answers) {
            throw new ScorerException(
                    name + ": failed for all of " + answers + " answers; the last with " + last, last);
        }
    }
}
