package ai.preceptor.eval;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Short ways to write samples. A completion's tokens are its characters and an end. */
final class Sampled {
    private Sampled() {}

    /** Prompts p0, p1, ... with these texts as their answers. */
    @SafeVarargs
    static AnswerSet answers(List<String>... texts) {
        List<Prompt> prompts = new ArrayList<>();
        List<List<Completion>> completions = new ArrayList<>();
        for (List<String> own : texts) {
            prompts.add(Prompt.plain("p" + prompts.size()));
            completions.add(own.stream().map(Sampled::completion).toList());
        }
        return new AnswerSet(prompts, completions);
    }

    static Completion completion(String text) {
        return completion(text, FinishReason.STOP);
    }

    static Completion completion(String text, FinishReason finishReason) {
        int[] ids = Arrays.copyOf(text.chars().toArray(), text.length() + 1);
        return new Completion(text, ids, new float[ids.length], finishReason);
    }

    static List<Score> scores(double... values) {
        return Arrays.stream(values).mapToObj(Score::of).toList();
    }
}
