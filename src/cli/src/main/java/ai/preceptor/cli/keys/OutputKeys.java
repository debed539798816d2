package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a stage writes its run. */
public record OutputKeys(
        @Key(
                help = "run directory",
                defaultText = "a new one, runs/COMMAND-DATE-TIME",
                path = PathKind.OUTPUT_DIRECTORY,
                effect = KeyEffect.NONE)
        @Nullable
        Path output) {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    /**
     * The run directory of a command that starts now.
     *
     * @param command its name
     * @param clock tells the time
     */
    public Path directory(String command, Clock clock) {
        if (output != null) {
            return output;
        }
        return Path.of("runs", command + "-" + LocalDateTime.now(clock).format(STAMP));
    }
}
