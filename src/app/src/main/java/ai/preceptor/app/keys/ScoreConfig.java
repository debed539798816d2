package ai.preceptor.app.keys;

import ai.preceptor.app.config.Group;

/** Keys of {@code score}. */
public record ScoreConfig(
        @Group(title = "Pairs") PairScoringConfig pairs,
        @Group(title = "Rewards") RewardReadingKeys reading) {}
