/**
 * The families of decoders: what each reads from {@code config.json}, under which names, with which defaults, and what its
 * checkpoints call their tensors. docs/families.md shows how to add one.
 *
 * <p><b>Takes</b> the keys of a configuration. <b>Gives</b> checked values (sizes, style of a layer, positions, scales).
 * <b>Leaves</b> files to {@code formats.config}.
 */
@NullMarked
package ai.preceptor.formats.family;

import org.jspecify.annotations.NullMarked;
