package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.data.setting.Group;

/** The learner's keys that a worker needs to score as the learner would. */
public record ScoringJob(
        @Group(title = "Reward") ScorerKeys scorer,
        @Group(title = "Your own parts") PluginKeys plugins) {}
