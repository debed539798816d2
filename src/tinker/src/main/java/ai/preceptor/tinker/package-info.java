/**
 * A student that a service with the Tinker API trains, such as SkyRL: its weights are there, loss and derivatives are computed here.
 *
 * <p><b>Takes</b> packed batches, derivatives of a loss by token log-probabilities, the service's address ({@link
 * ai.preceptor.tinker.TinkerSettings}). <b>Gives</b> a {@link ai.preceptor.train.Trainable} ({@link
 * ai.preceptor.tinker.TinkerModel}) for the usual loop, log-probabilities of the untrained model ({@link
 * ai.preceptor.tinker.TinkerReference}), and at the end a LoRA adapter in PEFT's layout. <b>Leaves to others</b>: objectives,
 * schedules, metrics and checkpoints ({@code train}), masking of the key ({@code teacher.served.http}).
 *
 * <pre>
 *   TinkerModel ---> RemoteModel ---> TinkerService ---> ServiceCalls ---> the service
 *   a step's          one adapter,     a session, its     one HTTP call,
 *   derivatives       its requests     results            tried again
 * </pre>
 *
 * <p>Nothing of a reply is trusted: sizes, shapes, names and numbers are checked.
 */
@NullMarked
package ai.preceptor.tinker;

import org.jspecify.annotations.NullMarked;
