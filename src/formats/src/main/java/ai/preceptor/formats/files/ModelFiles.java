package ai.preceptor.formats.files;

import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.formats.gguf.GgufFile;
import ai.preceptor.formats.gguf.GgufSplit;
import ai.preceptor.formats.gguf.document.GgufDocuments;
import ai.preceptor.formats.io.ModelDocument;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model beside its weights: configuration, tokenizer, chat template, generation settings, licence. A model
 * is a Hugging Face directory, a GGUF file, or a directory that holds one GGUF file (or the parts of one) instead of
 * safetensors. What does not lie beside a GGUF file follows from its metadata.
 *
 * @param directory the model: a directory, or a GGUF file
 * @param givenBase the model below the adapter in the directory; null where the directory says it, or holds no adapter
 */
public record ModelFiles(Path directory, @Nullable Path givenBase) {
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

    private static final List<String> SAFETENSORS = List.of("model.safetensors", "model.safetensors.index.json");

    private static final String TEMPLATE = "chat_template.jinja";
    private static final String DEFAULT = "default";
    private static final String TOOL_USE = "tool_use";

    private static final String ADAPTER = "adapter_config.json";
    private static final String ADAPTER_BASE = "base_model_name_or_path";

    /** Transformers keeps further named templates here. */
    private static final String MORE_TEMPLATES = "additional_chat_templates";

    /** Of a model, or of an adapter that says what is below it. */
    public ModelFiles(Path directory) {
        this(directory, null);
    }

    /**
     * The model's chat template: {@code chat_template.jinja}, else {@code chat_template} of
     * {@code tokenizer_config.json} (the one named {@code default} where it is a list), else of
     * {@code chat_template.json}.
     *
     * @return the template's text, or empty when the model has none
     * @throws DataException when a file cannot be read or holds something else under that key
     */
    public Optional<String> chatTemplate() {
        return template(DEFAULT, TEMPLATE);
    }

    /**
     * The template that transformers takes instead of {@link #chatTemplate} where a conversation has tools:
     * {@code additional_chat_templates/tool_use.jinja}, else, where there is no {@code chat_template.jinja}, the one named
     * {@code tool_use} of a list in JSON.
     *
     * @return the template's text, or empty when the model has none
     * @throws DataException when a file cannot be read or holds something else under that key
     */
    public Optional<String> toolUseTemplate() {
        return template(TOOL_USE, MORE_TEMPLATES + "/" + TOOL_USE + ".jinja");
    }

    private Optional<String> template(String name, String file) {
        Path home = home();
        if (Files.isRegularFile(home.resolve(file))) {
            return find(file).map(ModelFiles::text);
        }
        if (Files.isRegularFile(home.resolve(TEMPLATE))) {
            return Optional.empty(); // wins over all that are in JSON, of whatever name
        }
        for (String json : List.of("tokenizer_config.json", "chat_template.json")) {
            Path place = home.resolve(json);
            JsonNode found = Files.isRegularFile(place)
                    ? ModelJson.read(place).path("chat_template")
                    : MissingNode.getInstance();
            if (!found.isMissingNode() && !found.isNull()) {
                return templateIn(place, found, name);
            }
        }
        Optional<ModelFiles> base = base();
        return base.isPresent() ? base.get().template(name, file) : find(file).map(ModelFiles::text);
    }

    private static String text(ModelDocument template) {
        try (InputStream text = template.content().open()) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new DataException(template.place() + ": cannot be read: " + failure.getMessage(), failure);
        }
    }

    /**
     * The GGUF file that holds the weights.
     *
     * @return empty for a directory with safetensors, or with nothing
     * @throws DataException when a directory holds several and no safetensors: one must be named
     */
    public Optional<Path> gguf() {
        Optional<ModelFiles> base = base();
        if (base.isPresent()) {
            return base.get().gguf();
        }
        if (Files.isRegularFile(directory)) {
            return Optional.of(directory);
        }
        if (!Files.isDirectory(directory)
                || SAFETENSORS.stream().anyMatch(name -> Files.exists(directory.resolve(name)))) {
            return Optional.empty();
        }
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + GgufFile.SUFFIX)) {
            files.forEach(found::add);
        } catch (IOException failure) {
            throw new DataException(directory + ": cannot be listed: " + failure.getMessage(), failure);
        }
        if (found.stream().anyMatch(file -> !GgufSplit.follows(file))) {
            found.removeIf(GgufSplit::follows); // the first part of a split model stands for all
        }
        if (found.size() > 1) {
            throw DataException.in(
                    directory,
                    "holds several GGUF files; expected one of them as the model: "
                            + found.stream().sorted().map(Path::toString).collect(Collectors.joining(", ")));
        }
        return found.stream().findFirst();
    }

    /**
     * A file of the model, by its name in a Hugging Face directory. What lies there wins over what follows from a GGUF
     * file.
     *
     * @return empty when there is none
     * @throws DataException when it follows from a GGUF file whose metadata are not what they should be
     */
    public Optional<ModelDocument> find(String name) {
        Path file = home().resolve(name);
        if (Files.isRegularFile(file)) {
            return Optional.of(new ModelDocument(file, () -> Files.newInputStream(file)));
        }
        Optional<ModelFiles> base = base();
        if (base.isPresent()) {
            return base.get().find(name);
        }
        if (!GgufDocuments.knows(name)) {
            return Optional.empty();
        }
        return gguf().flatMap(weights -> derived(weights, name));
    }

    private static Optional<ModelDocument> derived(Path weights, String name) {
        try (GgufFile file = GgufFile.open(weights)) {
            return GgufDocuments.make(file, name).map(text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                return new ModelDocument(
                        weights.resolveSibling(weights.getFileName() + "!" + name),
                        () -> new ByteArrayInputStream(bytes));
            });
        }
    }

    /**
     * The same for a file that must be there.
     *
     * @throws DataException when there is none
     */
    public ModelDocument require(String name) {
        return find(name).orElseThrow(() -> DataException.in(home().resolve(name), "no such file"));
    }

    /**
     * The model below an adapter, whose files serve where the adapter has none: the given one, else where {@code adapter_config.json} says, at
     * that path from the working directory or from the adapter's own, else beside the adapter under the same name. Another
     * adapter is no base.
     *
     * @return empty unless it is given, or the directory holds an adapter and no weights of its own
     * @throws DataException when there is an adapter and its base is not found
     */
    public Optional<ModelFiles> base() {
        if (givenBase != null) {
            return Optional.of(new ModelFiles(givenBase));
        }
        if (!isAdapter()) {
            return Optional.empty();
        }
        Path file = directory.resolve(ADAPTER);
        JsonNode named = ModelJson.read(file).path(ADAPTER_BASE);
        if (named.isTextual() && !named.textValue().isBlank()) {
            for (Path candidate : candidates(named.textValue())) {
                ModelFiles base = new ModelFiles(candidate);
                boolean isModel = Files.isRegularFile(candidate.resolve("config.json")) || isGguf(candidate);
                if (isModel && !base.isAdapter()) { // such as this adapter itself
                    return Optional.of(base);
                }
            }
        }
        throw DataException.in(
                file,
                "key \"" + ADAPTER_BASE + "\": expected the directory of the base model, found "
                        + ModelJson.describe(named) + ", which is not a model here; give the base as model and this"
                        + " directory as adapter");
    }

    /** Where a base of that name may be; nowhere, if it is no name of a file. */
    private List<Path> candidates(String named) {
        try {
            Path path = Path.of(named);
            Path last = path.getFileName() == null ? path : path.getFileName();
            return List.of(
                    path, directory.resolve(path), directory.toAbsolutePath().resolveSibling(last));
        } catch (InvalidPathException notAName) {
            return List.of();
        }
    }

    /** Whether the directory holds an adapter and no weights of its own; its base is not looked for. */
    public boolean isAdapter() {
        return Files.isRegularFile(directory.resolve(ADAPTER))
                && SAFETENSORS.stream().noneMatch(name -> Files.exists(directory.resolve(name)));
    }

    private static boolean isGguf(Path path) {
        return Files.isRegularFile(path) && path.toString().endsWith(GgufFile.SUFFIX);
    }

    /**
     * Where the model is read from, so that nothing else is written there: its directory; of a GGUF file the file itself
     * and, beside it, its further parts and what else belongs to a model; of an adapter its base's places too.
     *
     * @throws DataException when there is an adapter and its base is not found, or a directory cannot be listed
     */
    public List<Path> places() {
        List<Path> places = new ArrayList<>(List.of(directory));
        if (Files.isRegularFile(directory)) {
            try (DirectoryStream<Path> beside = Files.newDirectoryStream(home(), ModelFiles::belongsToAModel)) {
                beside.forEach(places::add);
            } catch (IOException failure) {
                throw new DataException(home() + ": cannot be listed: " + failure.getMessage(), failure);
            }
        }
        base().ifPresent(base -> places.addAll(base.places()));
        return places;
    }

    private static boolean belongsToAModel(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(GgufFile.SUFFIX) || name.equals("config.json") || COMPANIONS.contains(name);
    }

    /** The directory that holds what lies beside the weights. */
    private Path home() {
        if (Files.isRegularFile(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            return parent == null ? directory : parent;
        }
        return directory;
    }

    private static Optional<String> templateIn(Path file, JsonNode found, String name) {
        boolean isDefault = name.equals(DEFAULT);
        if (found.isTextual()) {
            return isDefault ? Optional.of(found.textValue()) : Optional.empty();
        }
        for (JsonNode named : found) {
            JsonNode template = named.path("template");
            if (named.path("name").asText().equals(name) && template.isTextual()) {
                return Optional.of(template.textValue());
            }
        }
        if (found.isArray() && !isDefault) {
            return Optional.empty();
        }
        throw DataException.in(
                file,
                "key \"chat_template\": expected a template or a list with one named default, found "
                        + ModelJson.describe(found));
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
            Path home = home();
            if (Files.isSameFile(home, target)) {
                return;
            }
            for (String name : COMPANIONS) {
                Optional<ModelDocument> document = find(name);
                if (document.isPresent()) {
                    copy(document.get().content(), target.resolve(name));
                }
            }
            Optional<Path> more = moreTemplates();
            if (more.isPresent()) {
                Files.createDirectories(target.resolve(MORE_TEMPLATES));
                try (DirectoryStream<Path> templates = Files.newDirectoryStream(more.get(), Files::isRegularFile)) {
                    for (Path template : templates) {
                        Path copied = target.resolve(MORE_TEMPLATES).resolve(template.getFileName());
                        copy(() -> Files.newInputStream(template), copied);
                    }
                }
            }
        } catch (IOException failure) {
            throw new OutputException(target, "cannot be written: " + failure.getMessage(), failure);
        }
    }

    /** The directory of further templates, of the model whose template is used. */
    private Optional<Path> moreTemplates() {
        Path own = home().resolve(MORE_TEMPLATES);
        if (Files.isDirectory(own)) {
            return Optional.of(own);
        }
        return Files.isRegularFile(home().resolve(TEMPLATE))
                ? Optional.empty()
                : base().flatMap(ModelFiles::moreTemplates);
    }

    /** By content alone: a read-only original must not make a copy that cannot be replaced. */
    private static void copy(ModelDocument.Content content, Path to) throws IOException {
        try (InputStream in = content.open()) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
