package ai.preceptor.process;

import ai.preceptor.data.Answer;
import ai.preceptor.data.Score.TokenScore;
import ai.preceptor.lm.text.TextStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * An answer taken apart at a separator.
 *
 * @param text the whole answer
 * @param steps its steps without separators; blank ones are left out
 * @param ends for each step, where it ends in {@code text}, its separator included
 */
record AnswerSteps(String text, List<String> steps, List<Integer> ends) {

    /** Takes an answer apart; there is no step where nothing is said. */
    static AnswerSteps of(Answer answer, String separator) {
        String text = answer.text().asString();
        List<String> steps = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int found = text.indexOf(separator, from);
            int end = found < 0 ? text.length() : found;
            String step = text.substring(from, end);
            from = found < 0 ? end : found + separator.length();
            if (!step.isBlank()) {
                steps.add(step);
                ends.add(from);
            }
        }
        return new AnswerSteps(text, steps, ends);
    }

    /**
     * The scores at the sampled tokens that complete the steps with their separators; the last step's at the last token, which
     * may end the turn. Steps that one token completes are added up.
     *
     * @param tokens the sampled tokens
     * @param decode text of token ids, special ones left out
     * @param scores one per step
     * @return empty where the tokens do not spell the text, as those of another vocabulary
     */
    List<TokenScore> at(int[] tokens, Function<int[], String> decode, double[] scores) {
        if (tokens.length == 0 || !decode.apply(tokens).equals(text)) {
            return List.of();
        }
        SortedMap<Integer, Double> sums = new TreeMap<>();
        TextStream stream = new TextStream(decode);
        int spelt = 0;
        int step = 0;
        for (int i = 0; i < tokens.length && step < scores.length - 1; i++) {
            spelt += stream.add(tokens[i]).length();
            while (step < scores.length - 1 && ends.get(step) <= spelt) {
                sums.merge(i, scores[step++], Double::sum);
            }
        }
        for (; step < scores.length; step++) {
            sums.merge(tokens.length - 1, scores[step], Double::sum);
        }
        return sums.entrySet().stream()
                .map(sum -> new TokenScore(sum.getKey(), sum.getValue()))
                .toList();
    }
}
