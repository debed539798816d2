package ai.preceptor.jinja;

/** Python's {@code None}. */
enum None {
    NONE
}
