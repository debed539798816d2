/**
 * Answers sampled by vLLM servers in the place of a model of this process.
 *
 * <p><b>Takes</b> prompts in token ids, how tokens are drawn, the servers' addresses ({@link
 * ai.preceptor.vllm.VllmSettings}), and directories of published weights. <b>Gives</b> an engine ({@link
 * ai.preceptor.vllm.VllmEngine}) whose answers have ids, log-probabilities and an end like those of a local one, and servers
 * that have the learner's weights ({@link ai.preceptor.vllm.WeightPublication}). <b>Leaves to others</b>: single HTTP calls
 * ({@code teacher.served.http}), retries of requests and supervision ({@code rollout}), writing weights ({@code
 * ai.preceptor.run}).
 *
 * <pre>
 *   VllmEngine ---> SampleBatch ---> VllmServers ---> VllmServer ---> CallEndpoint ---> a server
 *   an actor's       one call an      which server     its load, its
 *   thread           answer           is next          weights, its state
 * </pre>
 *
 * <p>Nothing of a reply is trusted. Event loops receive bytes only; replies are read on the engine's thread.
 */
@NullMarked
package ai.preceptor.vllm;

import org.jspecify.annotations.NullMarked;
