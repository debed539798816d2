package ai.preceptor.ranking.online;

import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Score;
import ai.preceptor.data.Trajectory;
import ai.preceptor.train.sampling.Moments;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Selects the answers to a prompt that are learnt from. An answer counts if it is scored and none before it has the same
 * tokens.
 *
 * @param select which of those that count
 * @param missingEosPenalty subtracted from the score of an answer without an end token, 0 or more
 */
record AnswerSelection(Selection select, double missingEosPenalty) {

    /** What became of a prompt. */
    enum Outcome {
        /** Its answers are learnt from. */
        USED,
        /** Fewer than two answers have a score. */
        UNSCORED,
        /** Fewer than two answers that have a score differ. */
        REPEATED,
        /** All answers that count have the same score, up to rounding. */
        TIE
    }

    /**
     * What was selected.
     *
     * @param outcome of the prompt
     * @param answers with the scores that they are compared by, two or more: the best and the worst, or all that count in their
     *     order; empty unless used
     */
    record Selected(Outcome outcome, List<Trajectory> answers) {
        static Selected none(Outcome why) {
            return new Selected(why, List.of());
        }
    }

    /** Selects among all answers to a prompt. */
    Selected of(List<Trajectory> group) {
        List<Trajectory> scored =
                group.stream().filter(one -> one.score().isScored()).toList();
        if (scored.size() < 2) {
            return Selected.none(Outcome.UNSCORED);
        }
        Map<IntBuffer, Trajectory> distinct = new LinkedHashMap<>();
        scored.forEach(
                one -> distinct.putIfAbsent(IntBuffer.wrap(one.completion().tokenIds()), penalized(one)));
        if (distinct.size() < 2) {
            return Selected.none(Outcome.REPEATED);
        }
        List<Trajectory> answers = new ArrayList<>(distinct.values());
        Trajectory best = answers.get(0);
        Trajectory worst = answers.get(0);
        for (Trajectory one : answers) {
            best = score(one) > score(best) ? one : best;
            worst = score(one) < score(worst) ? one : worst;
        }
        if (!Moments.differ(score(best), score(worst))) {
            return Selected.none(Outcome.TIE);
        }
        return new Selected(Outcome.USED, select == Selection.GROUP ? answers : List.of(best, worst));
    }

    private static double score(Trajectory one) {
        return one.score().value();
    }

    private Trajectory penalized(Trajectory one) {
        boolean ended = one.completion().finishReason() == FinishReason.STOP;
        return ended || missingEosPenalty == 0
                ? one
                : one.withScore(Score.of(score(one) - missingEosPenalty)
                        .with(one.score().parts()));
    }
}
