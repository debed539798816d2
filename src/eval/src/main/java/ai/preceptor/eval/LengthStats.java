package ai.preceptor.eval;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import java.util.List;

/**
 * How long a model's answers are.
 *
 * @param tokens mean over prompts, stop token included
 * @param min tokens of the shortest answer
 * @param max tokens of the longest
 * @param clippedRatio share of answers that did not end by themselves
 */
public record LengthStats(MeanEstimate tokens, int min, int max, double clippedRatio) {

    /** Of some answers. */
    public static LengthStats of(AnswerSet answers) {
        List<Completion> all = answers.allCompletions();
        long clipped = all.stream()
                .filter(completion -> completion.finishReason() != FinishReason.STOP)
                .count();
        return new LengthStats(
                MeanEstimate.ofClusters(answers.completions().stream()
                        .map(own -> own.stream().mapToDouble(Completion::length).toArray())
                        .toList()),
                all.stream().mapToInt(Completion::length).min().orElseThrow(),
                all.stream().mapToInt(Completion::length).max().orElseThrow(),
                (double) clipped / all.size());
    }
}
