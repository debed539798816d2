package ai.preceptor.train.rows;

import java.util.Locale;

/** How a row is treated whose prompt and answer together exceed {@code max_length} tokens. */
public enum OverLength {
    /** It is left out and counted. */
    DROP,
    /** It ends the run before training starts, with the row's place and length. */
    REFUSE;

    /** The name used in configuration files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
