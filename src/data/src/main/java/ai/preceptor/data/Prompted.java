package ai.preceptor.data;

/** A row that belongs to a prompt; what splits and reports group by. */
public interface Prompted {

    /** The prompt the row belongs to. */
    Prompt prompt();
}
