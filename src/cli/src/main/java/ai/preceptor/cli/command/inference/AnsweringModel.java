package ai.preceptor.cli.command.inference;

import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.lm.generate.SamplingOptions;
import java.util.List;

/** Who answers: a model of this process, or servers. */
@FunctionalInterface
interface AnsweringModel {
    List<List<Completion>> generate(List<Prompt> prompts, int samples, SamplingOptions options);
}
