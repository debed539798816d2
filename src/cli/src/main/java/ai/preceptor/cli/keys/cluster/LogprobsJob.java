package ai.preceptor.cli.keys.cluster;

import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.TextKeys;
import ai.preceptor.data.setting.Group;

/** What workers of {@code logprobs} are told. */
public record LogprobsJob(
        @Group(title = "Model") StudentKeys student,
        @Group(title = "Text") TextKeys text) {}
