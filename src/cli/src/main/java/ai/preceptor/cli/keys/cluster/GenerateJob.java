package ai.preceptor.cli.keys.cluster;

import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.ToolUseKeys;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;

/** What workers of {@code generate} are told. */
public record GenerateJob(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Tools") ToolUseKeys tools,
        @Group(title = "Your own parts") PluginKeys plugins,
        @Group(title = "Sampling") SamplingSettings sampling,

        @Key(help = "answers per prompt", defaultValue = "1", range = "[1, 65536]")
        int numGenerations,

        @Key(help = "seed for sampling", defaultValue = "42")
        long seed,

        @Group(title = "Steps of sampling") DecodeSettings decode) {}
