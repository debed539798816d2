package ai.preceptor.cli.command.inference;

import ai.preceptor.cli.command.workers.ChunkFunction;
import ai.preceptor.data.Completion;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.rows.RecordedAnswers;
import ai.preceptor.lm.NotFiniteException;
import ai.preceptor.lm.generate.SamplingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers the prompts of a chunk.
 *
 * @param directory of the model, for messages
 * @param model who answers
 * @param answers to each prompt
 * @param options of all chunks
 */
record GenerateChunk(Path directory, AnsweringModel model, int answers, SamplingOptions options)
        implements ChunkFunction<List<Prompt>, List<Map<String, @Nullable Object>>> {
    /** What is computed for each prompt. */
    static final String COMPLETIONS = "completions";

    private static final String TOKENS = "tokens";

    /** The generator numbers the prompts of one call, so every chunk needs a seed of its own. */
    @Override
    public List<Map<String, @Nullable Object>> compute(long chunk, List<Prompt> prompts) {
        try {
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            for (List<Completion> some : model.generate(prompts, answers, options.stream(chunk))) {
                rows.add(Map.of(
                        COMPLETIONS,
                        some.stream().map(RecordedAnswers::toRow).toList(),
                        TOKENS,
                        some.stream().mapToLong(Completion::length).sum()));
            }
            return rows;
        } catch (NotFiniteException e) {
            throw e.at(directory + ": log-probability of a token of its answer", e.index());
        }
    }

    /** How many tokens were sampled for a prompt. */
    static long tokens(Map<String, @Nullable Object> computed) {
        return computed.get(TOKENS) instanceof Number count ? count.longValue() : 0;
    }
}
