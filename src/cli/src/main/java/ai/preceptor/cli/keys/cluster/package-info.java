/**
 * Keys of workers: where they find who they work for, and what they are told.
 *
 * <p>In: values as {@code cli.config} reads them. Out: the settings of {@code rollout}'s cluster and the jobs of stages.
 */
@NullMarked
package ai.preceptor.cli.keys.cluster;

import org.jspecify.annotations.NullMarked;
