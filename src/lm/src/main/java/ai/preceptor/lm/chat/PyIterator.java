package ai.preceptor.lm.chat;

import java.util.Iterator;

/**
 * A sequence that can be run through once, as Python's generators: no length, no index, empty the second time.
 *
 * @param source the elements still to come
 */
record PyIterator(Iterator<Object> source) {}
