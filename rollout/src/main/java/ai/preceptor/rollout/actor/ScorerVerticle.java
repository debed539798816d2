package ai.preceptor.rollout.actor;

import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.rollout.message.ActorMessage;
import ai.preceptor.rollout.message.WrongAnswerException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Scores the answers to one prompt at a time with a scorer of its own. */
public final class ScorerVerticle extends ActorVerticle {
    private final Supplier<? extends Scorer> supplier;
    private @Nullable Scorer scorer;

    /** @param supplier makes the scorer, on the actor's thread; it is closed there too */
    public ScorerVerticle(ActorVerticle.ActorEndpoint endpoint, Supplier<? extends Scorer> supplier) {
        super(endpoint);
        this.supplier = supplier;
    }

    @Override
    void open() {
        Scorer made = Objects.requireNonNull(supplier.get(), "scorers: the supplier gave null, expected a scorer");
        scorer = made;
        countSteps(made::steps);
    }

    @Override
    Object perform(ActorMessage<?> request) {
        if (request instanceof ActorMessage.ScoreAnswers asked) {
            return score(asked, Objects.requireNonNull(scorer, "scorer: not open"));
        }
        throw unexpected(request);
    }

    /** The scorer may be user code, so its result is checked. */
    @SuppressWarnings("NullAway")
    private static List<Score> score(ActorMessage.ScoreAnswers request, Scorer scorer) {
        List<Score> scores = scorer.score(request.answers());
        String who = "scorer " + scorer.name() + ": prompt " + request.index() + ": received ";
        if (scores == null) {
            throw new WrongAnswerException(
                    who + "no list, expected " + request.answers().size() + " scores");
        }
        if (scores.size() != request.answers().size()) {
            throw new WrongAnswerException(
                    who + scores.size() + " scores for " + request.answers().size() + " answers");
        }
        for (int i = 0; i < scores.size(); i++) {
            if (scores.get(i) == null) {
                throw new WrongAnswerException(who + "null for answer " + i + ", expected a score");
            }
        }
        return List.copyOf(scores);
    }

    @Override
    void shut() {
        if (scorer != null) {
            scorer.close();
        }
    }
}
