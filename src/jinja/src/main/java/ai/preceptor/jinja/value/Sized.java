package ai.preceptor.jinja.value;

/** A value with a length that is not a text: a sequence, a dict, a view of one, or {@code loop}. */
public interface Sized {
    long length();
}
