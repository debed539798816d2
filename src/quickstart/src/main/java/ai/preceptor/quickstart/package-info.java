/**
 * What Preceptor ships to start with: instructions in plain English over a closed vocabulary, and two small language
 * models that were trained on such instructions and answers.
 *
 * <p><b>Takes</b> a name. <b>Gives</b> model directories and prompts ({@link ai.preceptor.quickstart.EmbeddedModels}), and
 * a rule that judges answers without any model ({@link ai.preceptor.quickstart.WorldRule}). <b>Leaves to others</b>:
 * training on preferences. What makes the models and prompts is {@code EmbeddedRecipe}, among the tests, since no user
 * needs it.
 */
@NullMarked
package ai.preceptor.quickstart;

import org.jspecify.annotations.NullMarked;
