package ai.preceptor.app.keys;

import ai.preceptor.app.config.Group;

/** Keys of {@code logprobs}. */
public record LogprobsConfig(
        @Group(title = "Pairs") PairScoringConfig pairs,
        @Group(title = "Text") TextKeys text) {}
