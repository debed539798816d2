/**
 * Which program this is.
 *
 * <p>Takes: what the build wrote of itself, and the libtorch on the class path. Gives: version, commit, Java and libtorch, for a
 * terminal and for model cards. Leaves to others: showing it.
 */
@NullMarked
package ai.preceptor.cli.version;

import org.jspecify.annotations.NullMarked;
