package ai.preceptor.lm.files;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a model directory beside its weights and {@code config.json}: tokenizer, chat template, generation
 * settings, licence.
 *
 * @param directory the model directory
 */
public record ModelFiles(Path directory) {
    private static final List<String> COMPANIONS = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "tokenizer.model",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json",
            "LICENSE",
            "LICENSE.txt",
            "LICENSE.md",
            "NOTICE",
            "USE_POLICY.md");

    /** Transformers keeps further named templates here. */
    private static final String MORE_TEMPLATES = "additional_chat_templates";

    /**
     * The model's chat template: {@code chat_template.jinja}, else {@code chat_template} of
     * {@code tokenizer_config.json} (the one named {@code default} where it is a list), else of
     * {@code chat_template.json}.
     *
     * @return the template's text, or empty when the model has none
     * @throws DataException when a file cannot be read or holds something else under that key
     */
    public Optional<String> chatTemplate() {
        Path own = directory.resolve("chat_template.jinja");
        if (Files.isRegularFile(own)) {
            try {
                return Optional.of(Files.readString(own, StandardCharsets.UTF_8));
            } catch (IOException failure) {
                throw new DataException(own + ": cannot be read: " + failure.getMessage(), failure);
            }
        }
        return Stream.of("tokenizer_config.json", "chat_template.json")
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .map(ModelFiles::templateIn)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> templateIn(Path file) {
        ObjectNode config = ModelJson.read(file);
        JsonNode template = config.path("chat_template");
        if (template.isMissingNode() || template.isNull()) {
            return Optional.empty();
        }
        if (template.isArray()) {
            for (JsonNode named : template) {
                if (named.path("name").asText().equals("default")) {
                    template = named.path("template");
                }
            }
        }
        if (!template.isTextual()) {
            throw DataException.in(
                    file,
                    "key \"chat_template\": expected a template or a list with one named default, found "
                            + ModelJson.describe(template));
        }
        return Optional.of(template.textValue());
    }

    /**
     * Copies those of the files that are there; of the same directory nothing.
     *
     * @param target where to; created when missing
     * @throws OutputException when a file cannot be written
     */
    public void copyTo(Path target) {
        try {
            Files.createDirectories(target);
            if (Files.isSameFile(directory, target)) {
                return;
            }
            for (String name : COMPANIONS) {
                copy(directory.resolve(name), target.resolve(name));
            }
            Path more = directory.resolve(MORE_TEMPLATES);
            if (Files.isDirectory(more)) {
                Files.createDirectories(target.resolve(MORE_TEMPLATES));
                try (Stream<Path> templates = Files.list(more)) {
                    for (Path template : templates.toList()) {
                        copy(
                                template,
                                target.resolve(MORE_TEMPLATES)
                                        .resolve(template.getFileName().toString()));
                    }
                }
            }
        } catch (IOException failure) {
            throw new OutputException(target, "cannot be written: " + failure.getMessage(), failure);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.isRegularFile(from)) {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
            to.toFile().setWritable(true, true); // a read-only original must not make a copy that cannot be replaced
        }
    }
}
