package ai.preceptor.cli.command;

import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.elicit.AnswerSampler;
import java.util.List;

/** Has a teacher answer prompts, and tells how far it is. */
public final class AnsweredPrompts {
    private AnsweredPrompts() {}

    /**
     * Its answers, a list for each prompt.
     *
     * @param interrupted what to tell a person who interrupts
     */
    public static List<List<Completion>> answers(
            List<Prompt> prompts, AnswerSampler sampler, Terminal terminal, String interrupted) {
        try (PromptsShown progress = new PromptsShown(terminal, "teacher", "prompts answered", done -> interrupted)) {
            return sampler.sampleAll(prompts, progress);
        }
    }
}
