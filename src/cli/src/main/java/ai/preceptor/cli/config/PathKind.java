package ai.preceptor.cli.config;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.formats.gguf.GgufFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a configured path must point to; checked before any model loads. */
public enum PathKind {
    ANY("a path") {
        @Override
        @Nullable
        String objection(Path path) {
            return null;
        }
    },
    FILE("an existing file") {
        @Override
        @Nullable
        String objection(Path path) {
            if (Files.isDirectory(path)) {
                return "it is a directory";
            }
            return unreadable(path);
        }
    },
    DIRECTORY("an existing directory") {
        @Override
        @Nullable
        String objection(Path path) {
            if (!Files.isDirectory(path)) {
                return Files.exists(path) ? "it is a file" : "it does not exist";
            }
            return null;
        }
    },
    MODEL("a model directory (config.json inside, or an adapter) or a GGUF file") {
        @Override
        @Nullable
        String objection(Path path) {
            if (Files.isDirectory(path)
                    && (Files.isRegularFile(path.resolve("config.json")) || ADAPTER.objection(path) == null)) {
                return null;
            }
            String objection = TOKENIZER.objection(path);
            return objection == null && Files.isDirectory(path) ? withoutConfiguration(path) : objection;
        }
    },
    ADAPTER("a directory with an adapter (adapter_config.json inside)") {
        @Override
        @Nullable
        String objection(Path path) {
            String objection = DIRECTORY.objection(path);
            boolean missing = objection == null && !Files.isRegularFile(path.resolve("adapter_config.json"));
            return missing ? "it has no adapter_config.json" : objection;
        }
    },
    TOKENIZER("a directory with a tokenizer, or a GGUF file") {
        @Override
        @Nullable
        String objection(Path path) {
            if (Files.isRegularFile(path)) {
                return path.toString().endsWith(GgufFile.SUFFIX) ? unreadable(path) : "it is a file";
            }
            return Files.isDirectory(path) ? null : "it does not exist";
        }
    },
    OUTPUT_FILE("a file that can be written") {
        @Override
        @Nullable
        String objection(Path path) {
            return Files.isDirectory(path) ? "it is a directory" : unwritable(path);
        }
    },
    OUTPUT_DIRECTORY("a directory that can be written") {
        @Override
        @Nullable
        String objection(Path path) {
            return Files.exists(path) && !Files.isDirectory(path) ? "it is a file" : unwritable(path);
        }
    };

    private final String expected;

    PathKind(String expected) {
        this.expected = expected;
    }

    String expected() {
        return expected;
    }

    /** Why the path cannot be used, or null when it can. */
    abstract @Nullable String objection(Path path);

    /** Whether the command writes there. */
    boolean isWritten() {
        return this == OUTPUT_FILE || this == OUTPUT_DIRECTORY;
    }

    /** Whether the command reads what is there. */
    boolean isRead() {
        return this != ANY && !isWritten();
    }

    /** Whether it is a model, or part of one, whose files may lie elsewhere too. */
    boolean isModel() {
        return this == MODEL || this == ADAPTER || this == TOKENIZER;
    }

    /** Whether what will be {@code promised} will do here. */
    boolean accepts(PathKind promised) {
        return this == ANY
                || promised == ANY
                || this == promised
                || ((this == DIRECTORY || this == TOKENIZER || this == ADAPTER) && promised == MODEL);
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
