/**
 * Teachers behind an OpenAI-compatible server.
 *
 * <p><b>Takes</b> prompts and answers. <b>Gives</b> verdicts ({@link ai.preceptor.teacher.served.ServedJudge}), scores
 * ({@link ai.preceptor.teacher.served.ServedScorer}) and answers ({@link ai.preceptor.teacher.served.ServedSampler}).
 * <b>Leaves to others</b>: what they are used for ({@code teacher.elicit}, {@code rollout}, {@code eval}), and calls of the
 * server ({@code teacher.served.client}).
 */
@NullMarked
package ai.preceptor.teacher.served;

import org.jspecify.annotations.NullMarked;
