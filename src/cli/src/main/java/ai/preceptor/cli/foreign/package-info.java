/**
 * Names and values of settings in TRL, transformers and PEFT, and what they are here.
 *
 * <p>Takes: a key that a command does not have, or a value that it refuses. Gives: what to write instead, or why there is
 * nothing like it, as one sentence of an error. Leaves to others: reading configurations; no name of this table is ever
 * accepted as a key.
 */
@NullMarked
package ai.preceptor.cli.foreign;

import org.jspecify.annotations.NullMarked;
