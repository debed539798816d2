package ai.preceptor.data;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A scorer that somebody else closes.
 *
 * @param scorer who scores
 */
public record UnownedScorer(Scorer scorer) implements Scorer {
    @Override
    public String name() {
        return scorer.name();
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        return scorer.score(answers);
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
