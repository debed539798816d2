package ai.preceptor.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Several answers to one prompt with a score each; a higher score is a better answer.
 *
 * @param prompt what was asked
 * @param responses at least two answers in the prompt's form, in the file's order (not sorted); copied
 * @param scores one finite score per answer, same order; copied
 */
public record RankedGroup(Prompt prompt, List<Text> responses, List<Double> scores) implements Prompted {

    /**
     * @throws IllegalArgumentException if there are fewer than two answers, another number of scores, an answer not in
     *     the prompt's form, or a score that is not finite
     */
    public RankedGroup {
        responses = List.copyOf(responses);
        scores = List.copyOf(scores);
        if (responses.size() < 2) {
            throw new IllegalArgumentException("responses: expected at least 2, received " + responses.size());
        }
        if (scores.size() != responses.size()) {
            throw new IllegalArgumentException(
                    "scores: expected one per response (" + responses.size() + "), received " + scores.size());
        }
        for (int i = 0; i < responses.size(); i++) {
            Answer.requireSameForm(prompt, responses.get(i), "responses[" + i + "]");
            if (!Double.isFinite(scores.get(i))) {
                throw new IllegalArgumentException(
                        "scores[" + i + "]: expected a finite number, received " + scores.get(i));
            }
        }
    }

    /** The group of a pair's two answers, with scores 1 and 0; its margin is left out. */
    public static RankedGroup of(Preference pair) {
        return new RankedGroup(pair.prompt(), List.of(pair.chosen(), pair.rejected()), List.of(1.0, 0.0));
    }

    /** All strictly ordered pairs, each with the difference of its scores as its margin; none of equal scores. */
    public List<Preference> pairs() {
        List<Preference> pairs = new ArrayList<>();
        for (int i = 0; i < responses.size(); i++) {
            for (int j = 0; j < responses.size(); j++) {
                double gap = scores.get(i) - scores.get(j);
                if (gap > 0) {
                    pairs.add(new Preference(prompt, responses.get(i), responses.get(j), gap));
                }
            }
        }
        return pairs;
    }

    /** How many answers there are, at least 2. */
    public int size() {
        return responses.size();
    }
}
