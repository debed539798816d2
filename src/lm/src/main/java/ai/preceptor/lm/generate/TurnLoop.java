package ai.preceptor.lm.generate;

import ai.preceptor.data.Completion;
import java.util.List;
import java.util.function.Function;

/**
 * Goes on with answers whose model has ended its turn and waits for another's, such as a tool's. A {@link ai.preceptor.lm.engine.Generator} that
 * has one gives whole answers of several turns.
 *
 * <p>Each answer must depend on its request and the model alone, as the generator's own do.
 */
public interface TurnLoop {
    /**
     * Answers requests in as many turns as they take.
     *
     * @param requests as {@link ai.preceptor.lm.engine.Generator#generate(List)} takes them; {@code maxNewTokens} bounds a whole answer, the tokens
     *     that the model did not sample included
     * @param model samples one turn of each request
     * @param stepped told of progress beside the model's, on this thread: while a call makes progress, again and again
     * @return for each request, in order, its answers; one whose model never asked for another's turn has the model's own
     *     tokens to the last bit
     * @throws java.util.concurrent.CancellationException if the thread is interrupted
     * @throws ai.preceptor.lm.text.EncodingException naming a prompt with whose variables another's turn cannot be written
     * @throws ai.preceptor.lm.NotFiniteException if the model's numbers are not finite, with the index of the request here
     */
    List<List<Completion>> complete(
            List<GenerationRequest> requests,
            Function<List<GenerationRequest>, List<List<Completion>>> model,
            Runnable stepped);
}
