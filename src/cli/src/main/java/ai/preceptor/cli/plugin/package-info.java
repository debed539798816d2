/**
 * A user's own parts, without a build: a Java source file that is compiled in memory, or a class of a jar.
 *
 * <p>Takes: what a configuration names, and the interfaces that a part of that kind may implement. Gives: the part's class,
 * checked before any model loads, then an instance of it; the digest of what it was made from; and the place in a user's
 * own code that a failure came from. Leaves to others: which keys take a part, and what a part is used for.
 */
@NullMarked
package ai.preceptor.cli.plugin;

import org.jspecify.annotations.NullMarked;
