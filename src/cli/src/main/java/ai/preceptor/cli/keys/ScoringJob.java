package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Group;

/** What a worker is told of its learner's keys, to score as it would. */
public record ScoringJob(@Group(title = "Reward") ScorerKeys scorer) {}
