package ai.preceptor.cli.keys.dashboard;

import ai.preceptor.dashboard.DashboardOptions;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code dashboard}. */
public record DashboardConfig(
        @Key(
                help = "directory with runs, at any depth; the key may be omitted",
                defaultText = "runs",
                path = PathKind.WATCHED_DIRECTORY)
        @Nullable
        Path runs,

        @Key(help = "loopback address to listen on", defaultValue = "127.0.0.1")
        String host,

        @Key(
                help = "port to listen on; 0 for any free port, which is printed",
                defaultValue = "8080",
                range = "[0, 65535]")
        int port,

        @Group(title = "Judging by hand") JudgeKeys judging) {
    /** As the server takes it. */
    public DashboardOptions options() {
        return new DashboardOptions(directory(), host, port);
    }

    /** Where runs lie; the usual place need not be there yet. */
    public Path directory() {
        return runs == null ? Path.of("runs") : runs;
    }
}
