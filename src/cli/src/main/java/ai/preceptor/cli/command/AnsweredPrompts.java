package ai.preceptor.cli.command;

import ai.preceptor.cli.console.PromptsShown;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.data.Prompt;
import ai.preceptor.teacher.elicit.AnswerSampler;
import ai.preceptor.teacher.elicit.WrittenDemonstrations;
import java.util.List;

/** Has a teacher answer prompts, and tells how far it is. */
public final class AnsweredPrompts {
    private AnsweredPrompts() {}

    /**
     * The rows that its answers make.
     *
     * @param interrupted what to tell a person who interrupts
     */
    public static WrittenDemonstrations written(
            List<Prompt> prompts, AnswerSampler sampler, Terminal terminal, String interrupted) {
        try (PromptsShown progress = new PromptsShown(terminal, "teacher", "prompts answered", done -> interrupted)) {
            return WrittenDemonstrations.of(prompts, sampler.sampleAll(prompts, progress));
        }
    }
}
