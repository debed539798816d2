/** A language model small enough to check by hand, for tests of loops and objectives in this module and above it. */
@NullMarked
package ai.preceptor.train.toy;

import org.jspecify.annotations.NullMarked;
