package ai.preceptor.jinja;

/** A value with a length that is not a text: a sequence, a dict, a view of one, or {@code loop}. */
interface Sized {
    long length();
}
