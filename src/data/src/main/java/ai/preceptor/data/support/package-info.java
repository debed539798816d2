/**
 * What an answer's tokens were drawn from, where a sampler left out part of the vocabulary.
 *
 * <p><b>Takes</b> token ids. <b>Gives</b> a compact value that travels with the answer. <b>Leaves to others</b>: sampling, and
 * normalizing log-probabilities ({@code lm}).
 */
@NullMarked
package ai.preceptor.data.support;

import org.jspecify.annotations.NullMarked;
