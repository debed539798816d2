package ai.preceptor.cli.command.elicit;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import java.util.List;

/**
 * Stands in the place of a scorer that workers have. Answers come from them with their scores.
 *
 * @param name of the scorer
 */
record WorkersScorer(String name) implements Scorer {
    /** @throws IllegalStateException always: workers score */
    @Override
    public List<Score> score(List<Answer> answers) {
        throw new IllegalStateException(name + ": workers score, this process does not");
    }
}
