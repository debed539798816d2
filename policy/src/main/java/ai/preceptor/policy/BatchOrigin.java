package ai.preceptor.policy;

import ai.preceptor.policy.entropy.EntropyController;
import ai.preceptor.policy.kl.KlController;

/**
 * Everything needed to collect a batch of experience again.
 *
 * @param step the first optimizer step that learns from it, 0-based
 * @param cursor place of its first prompt
 * @param version of the weights that sample
 * @param kl the coefficient of the KL in force
 * @param entropy that of the entropy
 */
record BatchOrigin(int step, long cursor, long version, KlController kl, EntropyController entropy) {}
