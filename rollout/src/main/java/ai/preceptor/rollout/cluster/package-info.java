/**
 * Secure connections between a learner and its workers.
 *
 * <p><b>Takes</b> an address and a shared secret ({@link ai.preceptor.rollout.cluster.ClusterSetting}). <b>Gives</b>
 * connections by TLS 1.3 whose other side has proved that it has the secret ({@link
 * ai.preceptor.rollout.cluster.SecureSocket}), accepted by {@link ai.preceptor.rollout.cluster.LearnerPort}. <b>Leaves to
 * others</b>: what is sent ({@code wire}), and who may join a run ({@code worker}).
 */
@NullMarked
package ai.preceptor.rollout.cluster;

import org.jspecify.annotations.NullMarked;
