package ai.preceptor.teacher.elicit;

import ai.preceptor.data.Prompt;
import org.jspecify.annotations.Nullable;

/** Stores questions to a teacher and its answers, so that none is paid for twice. */
public interface Ledger extends AutoCloseable {

    /**
     * What was recorded of a prompt. Also after {@link #close}, since rows are not kept in memory elsewhere.
     *
     * @param prompt the prompt, its columns included
     * @param occurrence how many equal prompts stand before it in the list, from 0
     * @return the last record, or null
     */
    @Nullable
    Elicited find(Prompt prompt, int occurrence);

    /** Records; a later record of the same prompt and occurrence replaces an earlier one. */
    void add(int occurrence, Elicited elicited);

    /** Makes sure that all records survive a crash; called before any of them is used. */
    void flush();

    @Override
    void close();
}
