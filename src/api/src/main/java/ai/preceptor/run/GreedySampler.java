package ai.preceptor.run;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.Trajectory;
import ai.preceptor.lm.engine.Generator;
import ai.preceptor.lm.generate.GenerationRequest;
import ai.preceptor.lm.generate.SamplingOptions;
import ai.preceptor.policy.credit.GreedyAnswers;
import ai.preceptor.rollout.actor.RetryPolicy;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import ai.preceptor.teacher.Scores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers prompts greedily with a student's weights of now and has the answers scored, on the thread that calls. An answer that
 * cannot be scored is tried again as often as a sampled one, and then unscored, with the reason.
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
        List<Score> scores =
                scored(scorer, answers.stream().map(Trajectory::answer).toList(), RetryPolicy.standard());
        for (int i = 0; i < answers.size(); i++) {
            answers.set(i, answers.get(i).withScore(scores.get(i)));
        }
        return answers;
    }

    /**
     * The score of each answer: in one call, since a model scores many together faster, and one by one where that fails.
     *
     * @throws RuntimeException what ends a run among sampled answers too, such as a teacher that failed for good
     */
    static List<Score> scored(Scorer scorer, List<Answer> answers, RetryPolicy policy) {
        if (answers.size() > 1) {
            try {
                return scored(scorer, answers);
            } catch (RuntimeException e) {
                LOG.warn(
                        "remax: {}; the greedy answers to {} prompts are scored one by one",
                        passing(e).reason(),
                        answers.size());
            }
        }
        return oneByOne(scorer, answers, policy);
    }

    /** Those that fail are tried again together after a pause, so that many cost no more time than one. */
    private static List<Score> oneByOne(Scorer scorer, List<Answer> answers, RetryPolicy policy) {
        List<Score> scores = new ArrayList<>(Collections.nCopies(answers.size(), Score.unscored("not yet")));
        List<Integer> left = IntStream.range(0, answers.size()).boxed().toList();
        for (int failures = 0; !left.isEmpty() && failures <= policy.retries(); failures++) {
            if (failures > 0) {
                pause(policy.delay(failures));
            }
            List<Integer> failed = new ArrayList<>();
            for (int i : left) {
                try {
                    scores.set(i, scored(scorer, List.of(answers.get(i))).get(0));
                } catch (RuntimeException e) {
                    String reason = passing(e).reason();
                    failed.add(i);
                    if (failures == 0) { // the first is most often the cause of the rest
                        scores.set(i, Score.unscored(scorer.name() + " failed: " + reason));
                    }
                }
            }
            left = failed;
        }
        if (!left.isEmpty()) {
            LOG.warn(
                    "remax: the greedy answers to {} of {} prompts are unscored after {} attempts, the first: {}",
                    left.size(),
                    answers.size(),
                    policy.retries() + 1,
                    scores.get(left.get(0)).problem());
        }
        return scores;
    }

    /** A null among the scores of a user's scorer is a failure too. */
    private static List<Score> scored(Scorer scorer, List<Answer> answers) {
        return List.copyOf(Scores.of(scorer, answers));
    }

    private static Failure passing(RuntimeException cause) {
        Failure failure = new Failure(FailureKind.THREW, cause);
        if (failure.isFinal()) {
            throw cause;
        }
        return failure;
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("remax: interrupted while greedy answers are scored");
        }
    }
}
