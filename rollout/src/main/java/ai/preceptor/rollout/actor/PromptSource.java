package ai.preceptor.rollout.actor;

import ai.preceptor.data.Prompt;
import java.util.Optional;

/**
 * The run's prompts by their place, so that a prompt can be asked for again and a run can go on anywhere. Used by one
 * thread at a time.
 */
@FunctionalInterface
public interface PromptSource {

    /**
     * One prompt.
     *
     * @param index place in the run, from 0
     * @return the same prompt each time it is asked for; empty from the first place after the last prompt on
     */
    Optional<Prompt> at(long index);
}
