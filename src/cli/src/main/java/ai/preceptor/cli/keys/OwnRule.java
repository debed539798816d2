package ai.preceptor.cli.keys;

import ai.preceptor.cli.plugin.OpenPart;
import ai.preceptor.cli.plugin.OwnCode;
import ai.preceptor.cli.plugin.OwnCodeException;
import ai.preceptor.cli.plugin.OwnPart;
import ai.preceptor.cli.plugin.Part;
import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.teacher.RuleScorer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/**
 * A user's own rule as a scorer, always named {@code rule:} and its class. A function of one answer is treated as any
 * {@link RuleScorer}; a {@link Scorer} sees whole lists. What either throws is told with the file and line it came from.
 */
public final class OwnRule implements Scorer {
    private final String name;
    private final OpenPart part;
    private final Scorer scorer;

    private OwnRule(String name, OpenPart part, Scorer scorer) {
        this.name = name;
        this.part = part;
        this.scorer = scorer;
    }

    /**
     * The scorer that the key {@code rule} names; the caller closes it.
     *
     * @throws ai.preceptor.data.ConfigurationException if a user's own cannot be made
     */
    public static Scorer scorer(Part rule) {
        if (rule instanceof OwnPart own) {
            return open(own);
        }
        return ((AnswerRule) ((Part.Known) rule).constant()).scorer();
    }

    private static OwnRule open(OwnPart own) {
        OpenPart part = own.open();
        RuleScorer function = new RuleScorer(own.simpleName(), answer -> value(part, answer));
        return new OwnRule(function.name(), part, part.as(Scorer.class).orElse(function));
    }

    /** {@code ToDoubleFunction<Answer>} as far as Java can tell; a function of something else throws when it is called. */
    @SuppressWarnings("unchecked")
    private static double value(OpenPart part, Answer answer) {
        ToDoubleFunction<Answer> rule = part.require(ToDoubleFunction.class);
        try {
            return rule.applyAsDouble(answer);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw new OwnCodeException(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        List<Score> scores;
        try {
            scores = scorer.score(answers);
        } catch (ScorerException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw new ScorerException(name + " failed: " + OwnCode.told(e), e);
        }
        if (scores == null || scores.size() != answers.size()) {
            throw new ScorerException(name + ": expected a score for each of " + answers.size() + " answers, found "
                    + (scores == null ? "null" : scores.size()));
        }
        return scores;
    }

    @Override
    public OptionalLong steps() {
        return scorer.steps();
    }

    @Override
    public void close() {
        part.close();
    }
}
