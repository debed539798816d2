package ai.preceptor.run;

import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.formats.config.AdapterConfig;
import ai.preceptor.formats.files.ModelFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A directory that a model is written to: it appears atomically, and replaces nothing but a model. */
public record ModelTarget(Path directory) {
    private static final String CARD = "README.md";

    /** Writes weights and what goes with them; a README.md that is there stays. */
    public void write(Consumer<Path> weights, ModelFiles companions) {
        refuseIfForeign();
        AtomicFiles.directory(directory, aside -> {
            weights.accept(aside);
            companions.copyTo(aside);
            Path card = directory.resolve(CARD);
            if (Files.isRegularFile(card)) {
                Files.copy(card, aside.resolve(CARD), StandardCopyOption.REPLACE_EXISTING);
            }
        });
    }

    private void refuseIfForeign() {
        if (!Files.isDirectory(directory)
                || Files.exists(directory.resolve("config.json"))
                || AdapterConfig.isIn(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new OutputException(
                        directory,
                        "holds files that are not a model; expected a new or empty directory, or a model to replace",
                        new IOException("not empty"));
            }
        } catch (IOException e) {
            throw new OutputException(directory, "cannot be read: " + e.getMessage(), e);
        }
    }
}
