package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Completion;
import ai.preceptor.data.FinishReason;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import java.util.Arrays;
import java.util.List;

/** Short ways to write values. */
final class Fakes {
    private Fakes() {}

    static Completion completion(String text) {
        return new Completion(text, new int[] {2}, new float[] {-1}, FinishReason.STOP);
    }

    static ScoredAnswer answer(String text, double score) {
        return new ScoredAnswer(text, true, Score.of(score));
    }

    static ScoredAnswer unscored(String text, String why) {
        return new ScoredAnswer(text, true, Score.unscored(why));
    }

    static Elicited elicited(String prompt, ScoredAnswer... answers) {
        return new Elicited(Prompt.plain(prompt), Arrays.asList(answers));
    }

    static List<Prompt> prompts(String... texts) {
        return Arrays.stream(texts).map(Prompt::plain).toList();
    }
}
