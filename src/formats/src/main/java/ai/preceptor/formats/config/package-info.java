/**
 * What a model directory says of its model: {@code config.json} and {@code generation_config.json} as checked records,
 * and the rotary tables that follow from them.
 *
 * <p><b>Takes</b> JSON files. <b>Gives</b> immutable records that remember the whole file, so that saving loses no key.
 * <b>Leaves</b> tensors to {@code formats.weights} and {@code lm.torch}.
 */
@NullMarked
package ai.preceptor.formats.config;

import org.jspecify.annotations.NullMarked;
