package ai.preceptor.eval;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Preference;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.ScorerException;
import ai.preceptor.data.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Held-out pairs as a scorer sees them.
 *
 * @param pairs those of which both answers were scored, at least one
 * @param unscored how many were not
 */
public record ScoredPairs(List<Pair> pairs, int unscored) {

    /** Copies the list. */
    public ScoredPairs {
        pairs = List.copyOf(pairs);
    }

    /**
     * One pair.
     *
     * @param preference what the teacher prefers
     * @param chosen score of its chosen answer
     * @param rejected score of the other
     */
    public record Pair(Preference preference, double chosen, double rejected) {

        /** Chosen minus rejected. */
        public double margin() {
            return chosen - rejected;
        }

        /** 1 if the chosen answer has the higher score, 0 if it has the lower, half for a tie. */
        public double credit() {
            return (1 + Math.signum(margin())) / 2;
        }
    }

    /**
     * Scores both answers of every pair, in one call.
     *
     * @throws ScorerException if no pair is scored, or the scorer breaks its contract
     */
    public static ScoredPairs measure(Scorer scorer, List<Preference> heldOut) {
        List<Answer> answers = new ArrayList<>();
        for (Preference pair : heldOut) {
            answers.add(new Answer(pair.prompt(), pair.chosen()));
            answers.add(new Answer(pair.prompt(), pair.rejected()));
        }
        List<Score> scores = MeanScore.scores(scorer, answers);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < heldOut.size(); i++) {
            Score chosen = scores.get(2 * i);
            Score rejected = scores.get(2 * i + 1);
            if (chosen.isScored() && rejected.isScored()) {
                pairs.add(new Pair(heldOut.get(i), chosen.value(), rejected.value()));
            }
        }
        if (pairs.isEmpty()) {
            throw new ScorerException(scorer.name() + ": scored none of " + heldOut.size() + " held-out pairs"
                    + scores.stream()
                            .filter(score -> !score.isScored())
                            .findFirst()
                            .map(score -> "; the first: " + score.problem())
                            .orElse(""));
        }
        return new ScoredPairs(pairs, heldOut.size() - pairs.size());
    }

    /** How many of some pairs, at least one, the scorer has right; the interval takes prompts as independent, not pairs. */
    static Proportion share(List<Pair> pairs) {
        return share(pairs, Pair::credit);
    }

    /** @param credit of a pair, in [0, 1] */
    static Proportion share(List<Pair> pairs, ToDoubleFunction<Pair> credit) {
        Map<Text, List<Pair>> byPrompt = pairs.stream()
                .collect(
                        Collectors.groupingBy(pair -> pair.preference().prompt().text()));
        return Proportion.ofClusters(byPrompt.values().stream()
                .map(own -> own.stream().mapToDouble(credit).toArray())
                .toList());
    }
}
