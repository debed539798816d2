package ai.preceptor.run;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.policy.credit.GreedyAnswers;
import ai.preceptor.teacher.Scores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers prompts greedily with a student's weights of now and has the answers scored, on the thread that calls.
 *
 * @param generator of the student; used by the calling thread alone
 * @param scorer stays its owner's; must stand calls of this thread beside those of others
 * @param maxNewTokens most tokens of an answer, 1 or more
 */
public record GreedySampler(Generator generator, Scorer scorer, int maxNewTokens) implements GreedyAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(GreedySampler.class);

    @Override
    public List<Trajectory> to(List<Trajectory> asked) {
        SamplingOptions greedy = SamplingOptions.greedy(maxNewTokens);
        List<List<Completion>> drawn = generator.generate(asked.stream()
                .map(one -> new GenerationRequest(one.promptIds(), 1, greedy).of(one.prompt()))
                .toList());
        List<Trajectory> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            Trajectory one = asked.get(i);
            answers.add(new Trajectory(
                    one.prompt(),
                    one.promptIds(),
                    drawn.get(i).get(0),
                    one.group(),
                    one.policyVersion(),
                    Score.unscored("not yet")));
        }
        List<Score> scores = scored(answers);
        for (int i = 0; i < answers.size(); i++) {
            answers.set(i, answers.get(i).withScore(scores.get(i)));
        }
        return answers;
    }

    /** A scorer that fails here has failed for the sampled answers too, or will: the prompts are left out and counted. */
    private List<Score> scored(List<Trajectory> answers) {
        try {
            return Scores.of(scorer, answers.stream().map(Trajectory::answer).toList());
        } catch (ScorerException e) {
            LOG.warn("remax: the greedy answers to {} prompts are unscored", answers.size(), e);
            return Collections.nCopies(answers.size(), Score.unscored(scorer.name() + " failed: " + e.getMessage()));
        }
    }
}
