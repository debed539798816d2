package ai.preceptor.jinja.value;

/** Python's {@code None}. */
public enum None {
    NONE
}
