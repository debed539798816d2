package ai.preceptor.cli.config;

import ai.preceptor.data.DataException;
import ai.preceptor.data.setting.PathKind;
import ai.preceptor.data.source.RowFiles;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.gguf.GgufFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a configured path points to before any model loads.
 *
 * @param kind what it must point to
 */
record PathCheck(PathKind kind) {
    /** Why the path cannot be used, or null when it can. */
    @Nullable
    String objection(Path path) {
        return switch (kind) {
            case ANY -> null;
            case FILE -> Files.isDirectory(path) ? "it is a directory" : unreadable(path);
            case ROWS -> noRows(path);
            case DIRECTORY, WATCHED_DIRECTORY -> noDirectory(path);
            case MODEL -> noModel(path);
            case ADAPTER -> noAdapter(path);
            case TOKENIZER -> noTokenizer(path);
            case OUTPUT_FILE -> Files.isDirectory(path) ? "it is a directory" : unwritable(path);
            case OUTPUT_DIRECTORY -> Files.exists(path) && !Files.isDirectory(path) ? "it is a file" : unwritable(path);
        };
    }

    private static @Nullable String noRows(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            return unreadable(path);
        }
        try {
            RowFiles.of(path);
            return null;
        } catch (DataException none) {
            return String.valueOf(none.getMessage())
                    .replace(path + ": ", "")
                    .replace("no such file", "it does not exist");
        }
    }

    private static @Nullable String noDirectory(Path path) {
        if (!Files.isDirectory(path)) {
            return Files.exists(path) ? "it is a file" : "it does not exist";
        }
        return null;
    }

    private static @Nullable String noModel(Path path) {
        if (Files.isDirectory(path) && (Files.isRegularFile(path.resolve("config.json")) || noAdapter(path) == null)) {
            return null;
        }
        String objection = noTokenizer(path);
        return objection == null && Files.isDirectory(path) ? withoutConfiguration(path) : objection;
    }

    private static @Nullable String noAdapter(Path path) {
        String objection = noDirectory(path);
        boolean missing = objection == null && !Files.isRegularFile(path.resolve("adapter_config.json"));
        return missing ? "it has no adapter_config.json" : objection;
    }

    private static @Nullable String noTokenizer(Path path) {
        if (Files.isRegularFile(path)) {
            return path.toString().endsWith(GgufFile.SUFFIX) ? unreadable(path) : "it is a file";
        }
        return Files.isDirectory(path) ? null : "it does not exist";
    }

    private static @Nullable String withoutConfiguration(Path directory) {
        try {
            return new ModelFiles(directory).gguf().isPresent() ? null : "it has no config.json";
        } catch (DataException several) {
            return several.getMessage();
        }
    }

    private static @Nullable String unreadable(Path path) {
        if (!Files.exists(path)) {
            return "it does not exist";
        }
        return Files.isReadable(path) ? null : "it cannot be read";
    }

    /** The nearest existing ancestor decides, because missing directories are made on the way. */
    private static @Nullable String unwritable(Path path) {
        Path ancestor = path.toAbsolutePath().normalize();
        while (!Files.exists(ancestor)) {
            Path parent = ancestor.getParent();
            if (parent == null) {
                return "it has no existing parent";
            }
            ancestor = parent;
        }
        if (!ancestor.equals(path.toAbsolutePath().normalize()) && !Files.isDirectory(ancestor)) {
            return ancestor + " is a file";
        }
        return Files.isWritable(ancestor) ? null : ancestor + " cannot be written";
    }
}
