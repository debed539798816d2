package ai.preceptor.app.keys;

import ai.preceptor.app.config.Group;

/** What a worker is told of its learner's keys, to score as it would. */
public record ScoringJob(@Group(title = "Reward") ScorerKeys scorer) {}
