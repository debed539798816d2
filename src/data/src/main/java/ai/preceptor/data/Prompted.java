package ai.preceptor.data;

/** A row that belongs to a prompt; what reports group by. */
public interface Prompted {

    /** The prompt the row belongs to. */
    Prompt prompt();

    /** What rows are split by: equal for rows that must not be torn apart. By default the prompt's text. */
    default Text splitText() {
        return prompt().text();
    }
}
