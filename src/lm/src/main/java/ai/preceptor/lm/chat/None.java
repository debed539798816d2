package ai.preceptor.lm.chat;

/** Python's {@code None}. */
enum None {
    NONE
}
