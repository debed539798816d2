package ai.preceptor.rollout.actor;

import ai.preceptor.data.Prompt;
import java.util.Optional;

/**
 * The run's prompts by index, so that a prompt can be read again and a run can resume anywhere. Used by one
 * thread at a time.
 */
@FunctionalInterface
public interface PromptSource {

    /**
     * One prompt.
     *
     * @param index position in the run, from 0
     * @return the same prompt each time; empty after the last prompt
     */
    Optional<Prompt> at(long index);
}
