package ai.preceptor.jinja;

import java.util.List;

/** A list, tuple or range: what has a length, elements by index, and slices. */
interface PySequence {
    /** The elements; never changed. */
    List<Object> items();

    /** A sequence of the same kind. */
    PySequence like(List<Object> items);
}
