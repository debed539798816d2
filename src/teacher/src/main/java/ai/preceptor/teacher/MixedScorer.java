package ai.preceptor.teacher;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Several scorers as one: the weighted sum of their scores, {@code sum of w_k s_k}. Weights are taken as they are, and so
 * are units; a part whose scores spread more counts more. An answer that one part cannot score is unscored, and the
 * reason names the part.
 *
 * @param name for metrics and reports
 * @param parts at least one; closed with this scorer
 */
public record MixedScorer(String name, List<Part> parts) implements Scorer {
    /** @throws IllegalArgumentException if there is no part */
    public MixedScorer {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("parts of " + name + ": 0, must be at least 1");
        }
        parts = List.copyOf(parts);
    }

    @Override
    public List<Score> score(List<Answer> answers) {
        List<List<Score>> columns = new ArrayList<>();
        for (Part part : parts) {
            columns.add(Scores.of(part.scorer(), answers));
        }
        List<Score> mixed = new ArrayList<>(answers.size());
        for (int i = 0; i < answers.size(); i++) {
            mixed.add(mix(columns, i));
        }
        return mixed;
    }

    /** Those of all parts; not known where one does not say. */
    @Override
    public OptionalLong steps() {
        long sum = 0;
        for (Part part : parts) {
            OptionalLong own = part.scorer().steps();
            if (own.isEmpty()) {
                return own;
            }
            sum += own.getAsLong();
        }
        return OptionalLong.of(sum);
    }

    private Score mix(List<List<Score>> columns, int answer) {
        double sum = 0;
        for (int k = 0; k < parts.size(); k++) {
            Score score = columns.get(k).get(answer);
            if (!score.isScored()) {
                return Score.unscored(parts.get(k).scorer().name() + ": " + score.problem());
            }
            sum += parts.get(k).weight() * score.value();
        }
        return Double.isFinite(sum) ? Score.of(sum) : Score.unscored(name + ": the weighted sum is " + sum);
    }

    /** Closes all parts, also when closing one of them fails; the first failure is thrown. */
    @Override
    public void close() {
        ScorerException failure = null;
        for (Part part : parts) {
            try {
                part.scorer().close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = new ScorerException(part.scorer().name() + ": cannot be closed: " + e, e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * A scorer and what its scores count.
     *
     * @param scorer whose scores
     * @param weight finite; negative for a scorer whose scores are better when lower
     */
    public record Part(Scorer scorer, double weight) {
        /** @throws IllegalArgumentException if the weight is not finite */
        public Part {
            if (!Double.isFinite(weight)) {
                throw new IllegalArgumentException("weight of " + scorer.name() + ": " + weight + ", must be finite");
            }
        }
    }
}
