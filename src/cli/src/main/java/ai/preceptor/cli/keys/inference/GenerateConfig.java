package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.PluginKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.ToolUseKeys;
import ai.preceptor.cli.keys.cluster.StageWorkerKeys;
import ai.preceptor.cli.keys.known.KnownModels;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.vllm.VllmSettings;
import java.nio.file.Path;
import java.util.List;

/** Keys of {@code generate}. */
public record GenerateConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Tools") ToolUseKeys tools,
        @Group(title = "Your own parts") PluginKeys plugins,
        @Group(title = "Data") DataKeys data,

        @Key(
                help = "JSON lines with prompt and completions",
                required = true,
                path = PathKind.OUTPUT_FILE,
                effect = KeyEffect.NONE)
        Path output,

        @Group(title = "Sampling") SamplingSettings sampling,

        @Key(help = "answers per prompt", defaultValue = "1", range = "[1, 65536]")
        int numGenerations,

        @Key(help = "seed for sampling", defaultValue = "42")
        long seed,

        @Group(title = "Rollout servers") VllmSettings servers,
        @Group(title = "Steps of sampling") DecodeSettings decode,
        @Group(title = "Workers") StageWorkerKeys cluster,
        @Group(title = "Device") DeviceKeys device)
        implements Checked {
    @Override
    public void check(Checks checks) {
        KnownModels.checkAnswers(List.of(student.model()), sampling, checks);
        cluster.refuse("rollout_url", servers.isGiven() ? servers.rolloutUrl() : null, "servers sample", checks);
        cluster.refuse(
                "tool_template",
                tools.settings().toolTemplate(),
                "workers render the prompts, and files of words are not sent",
                checks);
        cluster.refuseAuto(decode, checks);
        if (servers.isGiven() && tools.tools().isGiven()) {
            checks.refuse("tools", "expected none where servers sample (rollout_url), found some");
        }
        if (servers.isGiven() && student.adapter() != null) {
            checks.refuse(
                    "adapter",
                    "expected none where servers sample (rollout_url) with the weights that they have, found "
                            + student.adapter());
        }
    }
}
