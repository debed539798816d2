/**
 * LoRA adapters in PEFT's format: trained beside frozen weights, or merged into them.
 *
 * <p><b>Takes</b> an adapter's directory or {@link ai.preceptor.formats.config.LoraConfig} and a model. <b>Gives</b> what of the
 * model is trained ({@link ai.preceptor.lm.adapter.AdapterPlan}), the adapter, and the weights with the adapter in them.
 * <b>Leaves to others</b>: computing with its terms ({@code lm.decoder}).
 */
@NullMarked
package ai.preceptor.lm.adapter;

import org.jspecify.annotations.NullMarked;
