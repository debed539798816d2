package ai.preceptor.rollout;

import ai.preceptor.data.InterruptedRunException;
import ai.preceptor.data.Score;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.TeacherException;
import ai.preceptor.rollout.actor.StageHandler;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.Failure;
import ai.preceptor.rollout.message.FailureKind;
import java.util.List;
import java.util.Optional;

/** The stage that scores a group. A group that cannot be scored gets the reason, never an invented score. */
record ScoreHandler(FlowControl flow, RolloutMeters meters) implements StageHandler<SampleGroup, List<Score>> {
    @Override
    public String name() {
        return "score";
    }

    @Override
    public long index(SampleGroup job) {
        return job.index();
    }

    @Override
    public ActorMessage<List<Score>> request(SampleGroup job) {
        return new ActorMessage.ScoreAnswers(job.index(), job.answers());
    }

    @Override
    public Optional<Failure> done(SampleGroup job, List<Score> scores, long nanos) {
        List<Score> unscored =
                scores.stream().filter(score -> !score.isScored()).toList();
        meters.unscored("scorer", unscored.size());
        flow.scored(job.withScores(scores));
        if (unscored.isEmpty() || unscored.size() < scores.size()) {
            return Optional.empty();
        }
        // A teacher that is down may report that for every answer instead of failing.
        String why = "prompt " + job.index() + ": no answer was scored: "
                + unscored.get(0).problem();
        return Optional.of(new Failure(FailureKind.UNSCORED, new ScorerException(why)));
    }

    @Override
    public void givenUp(SampleGroup job, Failure first) {
        meters.unscored(first.kind().label(), job.completions().size());
        flow.scored(job.unscored(first.reason()));
    }

    @Override
    public RuntimeException fatal(String reason, Throwable cause) {
        if (cause instanceof InterruptedRunException stopped) {
            return stopped; // not an error: the budget is spent, for example
        }
        return cause instanceof TeacherException
                ? new TeacherException("score: " + reason, cause)
                : new ScorerException("score: " + reason, cause);
    }
}
