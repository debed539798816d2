package ai.preceptor.dashboard.judge;

import java.util.Locale;
import java.util.Optional;

/** What a person says of two answers. */
public enum Verdict {
    /** The answer that the page shows first is better. */
    FIRST,
    /** The answer that the page shows second is better. */
    SECOND,
    /** Neither is. */
    TIE;

    /** The verdict of that name, in lower case. */
    static Optional<Verdict> of(String name) {
        for (Verdict verdict : values()) {
            if (verdict.value().equals(name)) {
                return Optional.of(verdict);
            }
        }
        return Optional.empty();
    }

    String value() {
        return name().toLowerCase(Locale.ROOT);
    }
}
