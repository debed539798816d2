/**
 * What a model directory says of its model: {@code config.json}, {@code generation_config.json} and {@code
 * adapter_config.json} as checked records.
 *
 * <p><b>Takes</b> JSON files. <b>Gives</b> immutable records that remember the whole file, so that saving loses no key.
 * <b>Leaves</b> what a family computes to {@code formats.family}, tensors to {@code formats.weights} and {@code lm.torch}.
 */
@NullMarked
package ai.preceptor.formats.config;

import org.jspecify.annotations.NullMarked;
