package ai.preceptor.cli.keys.inference;

import ai.preceptor.RewardReading;
import ai.preceptor.data.setting.Group;

/** Keys of {@code score}. */
public record ScoreConfig(
        @Group(title = "Pairs") PairScoringConfig pairs,
        @Group(title = "Rewards") RewardReading reading) {}
