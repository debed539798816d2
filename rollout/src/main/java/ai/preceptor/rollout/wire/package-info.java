/**
 * Messages between processes.
 *
 * <p><b>Takes</b> a secure socket, and messages of {@code message}. <b>Gives</b> requests and their answers in both
 * directions ({@link ai.preceptor.rollout.wire.Connection}), in a binary format with a version ({@code WireFormat}) whose
 * reader trusts no byte. <b>Leaves to others</b>: what a request means ({@code worker}), and who may connect ({@code
 * cluster}).
 */
@NullMarked
package ai.preceptor.rollout.wire;

import org.jspecify.annotations.NullMarked;
