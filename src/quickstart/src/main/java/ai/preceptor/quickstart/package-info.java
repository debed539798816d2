/**
 * The small world that Preceptor ships: instructions and answers in plain English over a closed vocabulary, two small
 * language models that were trained on them, and the recipe that makes both again.
 *
 * <p><b>Takes</b> a seed. <b>Gives</b> model directories and prompts on request ({@link
 * ai.preceptor.quickstart.EmbeddedModels}), and a rule that judges answers without any model ({@link
 * ai.preceptor.quickstart.WorldRule}). <b>Leaves to others</b>: training on preferences in this world.
 */
@NullMarked
package ai.preceptor.quickstart;

import org.jspecify.annotations.NullMarked;
