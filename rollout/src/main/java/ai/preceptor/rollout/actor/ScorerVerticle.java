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
    public ScorerVerticle(ActorVerticle.ActorEndpoint post, Supplier<? extends Scorer> supplier) {
        super(post);
        this.supplier = supplier;
    }

    @Override
    void open() {
        Scorer made = Objects.requireNonNull(supplier.get(), "scorers: the supplier gave null, expected a scorer");
        scorer = made;
        counting(made::steps);
    }

    @Override
    Object perform(ActorMessage<?> order) {
        if (order instanceof ActorMessage.Judge judge) {
            return score(judge, Objects.requireNonNull(scorer, "scorer: not open"));
        }
        throw unexpected(order);
    }

    /** Nothing of what the scorer says is trusted: it may be anybody's code. */
    @SuppressWarnings("NullAway")
    private static List<Score> score(ActorMessage.Judge judge, Scorer scorer) {
        List<Score> scores = scorer.score(judge.answers());
        String who = "scorer " + scorer.name() + ": prompt " + judge.index() + ": received ";
        if (scores == null) {
            throw new WrongAnswerException(
                    who + "no list, expected " + judge.answers().size() + " scores");
        }
        if (scores.size() != judge.answers().size()) {
            throw new WrongAnswerException(
                    who + scores.size() + " scores for " + judge.answers().size() + " answers");
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
