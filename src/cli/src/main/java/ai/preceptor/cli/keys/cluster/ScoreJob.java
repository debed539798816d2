package ai.preceptor.cli.keys.cluster;

import ai.preceptor.RewardReading;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.data.setting.Group;

/** What workers of {@code score} are told. */
public record ScoreJob(
        @Group(title = "Model") StudentKeys student,
        @Group(title = "Rewards") RewardReading reading) {}
