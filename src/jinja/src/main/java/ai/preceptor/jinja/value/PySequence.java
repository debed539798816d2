package ai.preceptor.jinja.value;

import java.util.List;

/** A list, tuple or range: what has a length, elements by index, and slices. */
public interface PySequence extends Sized {
    /** The elements; never changed. */
    List<Object> items();

    @Override
    default long length() {
        return items().size();
    }

    /** A sequence of the same kind. */
    PySequence like(List<Object> items);
}
