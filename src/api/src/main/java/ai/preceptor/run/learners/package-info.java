/**
 * Sampling by several learners: learner 0 samples and scores, all answer prompts for it, and all learn from the same answers.
 *
 * <p><b>Takes</b> a {@link ai.preceptor.lm.collective.Collective}, a sampler and an engine. <b>Gives</b> a sampler for each learner, whose
 * answers are those of one learner. <b>Leaves to others</b>: which micro-batches each learns from ({@code train.learners}).
 */
@NullMarked
package ai.preceptor.run.learners;

import org.jspecify.annotations.NullMarked;
