package ai.preceptor.eval;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import java.util.List;

/**
 * The length statistics of a model's answers.
 *
 * @param tokens mean over prompts, stop token included
 * @param clippedRatio share of answers that did not end by themselves
 */
public record LengthStats(MeanEstimate tokens, double clippedRatio) {

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
                (double) clipped / all.size());
    }
}
