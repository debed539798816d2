package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.TextKeys;
import ai.preceptor.data.setting.Group;

/** Keys of {@code logprobs}. */
public record LogprobsConfig(
        @Group(title = "Pairs") PairScoringConfig pairs,
        @Group(title = "Text") TextKeys text) {}
