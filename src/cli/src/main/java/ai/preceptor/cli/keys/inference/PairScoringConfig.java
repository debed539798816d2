package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.DataKeys;
import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.cluster.StageWorkerKeys;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;

/** Most keys of {@code score} and {@code logprobs}. */
public record PairScoringConfig(
        @Group(title = "Model") StudentKeys student,
        @Group(title = "Data") DataKeys data,

        @Key(
                help = "JSON lines, one row per pair",
                required = true,
                path = PathKind.OUTPUT_FILE,
                effect = KeyEffect.NONE)
        Path output,

        @Key(help = "pairs per batch", defaultValue = "8", range = "[1, inf)")
        int batchSize,

        @Group(title = "Workers") StageWorkerKeys cluster,
        @Group(title = "Device") DeviceKeys device) {}
