package ai.preceptor.cli.card;

import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.version.ProgramVersion;
import ai.preceptor.cli.yaml.YamlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The card of a directory with rows that a command wrote, so that {@code load_dataset(DIRECTORY)} reads them.
 *
 * @param run what wrote them
 * @param directory that holds them
 * @param files of rows that there may be, the main one first
 */
public record DatasetCard(CardRun run, Path directory, List<String> files) {
    private static final List<String> ENDINGS = List.of(".jsonl", ".jsonl.gz", ".parquet");

    /** Copies the list. */
    public DatasetCard {
        files = List.copyOf(files);
    }

    /**
     * Writes it beside the rows.
     *
     * @return whether it was written; false where a README.md is kept that somebody wrote or changed
     */
    public boolean write() {
        List<String> written = written();
        return written.isEmpty() || CardFile.in(directory).write(text(written));
    }

    /** Those that there are and have rows: an empty file cannot be loaded. Of copies in several formats the first is named. */
    private List<String> written() {
        List<String> written = new ArrayList<>();
        for (String file : files) {
            ENDINGS.stream()
                    .map(ending -> file.replaceFirst("\\.jsonl$", ending))
                    .filter(name -> directory.resolve(name).toFile().length() > 0)
                    .findFirst()
                    .ifPresent(written::add);
        }
        return written;
    }

    private String text(List<String> written) {
        return "---\n" + new YamlText(metadata(written)) + "---\n\n" + body(written);
    }

    private Map<String, @Nullable Object> metadata(List<String> written) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        metadata.put("tags", List.of("preceptor", run.command()));
        metadata.put("task_categories", List.of("text-generation"));
        if (!run.datasets().isEmpty()) {
            metadata.put("source_datasets", run.datasets());
        }
        List<Object> configs = new ArrayList<>();
        for (String file : written) {
            Map<String, Object> config = new LinkedHashMap<>();
            config.put("config_name", file.replaceFirst("\\..*", ""));
            Map<String, Object> split = new LinkedHashMap<>();
            split.put("split", "train");
            split.put("path", file);
            config.put("data_files", List.of(split));
            if (configs.isEmpty()) {
                config.put("default", true);
            }
            configs.add(config);
        }
        metadata.put("configs", configs);
        return metadata;
    }

    private String body(List<String> written) {
        Markdown text = new Markdown();
        text.heading(1, "Rows for training");
        text.paragraph("Written by `preceptor " + run.command() + "` ("
                + ProgramVersion.ofThis().name() + ")" + teacher() + ".");
        List<List<String>> rows = new ArrayList<>();
        for (String file : written) {
            rows.add(List.of("`" + file + "`", format(file)));
        }
        text.heading(2, "Files").table(List.of("file", "rows"), rows);
        section(text, "Sources", List.of("file", "rows", "SHA-256"), run.files());
        section(text, "Settings", List.of("key", "value"), run.settings());
        text.paragraph("All other settings have their defaults, or only say where and how it ran.");
        section(text, "Figures", List.of("figure", "value"), run.numbers());
        text.heading(2, "Use")
                .code(
                        "python",
                        "from datasets import load_dataset\n\nrows = load_dataset(\"PATH_OR_NAME\", \""
                                + written.get(0).replaceFirst("\\..*", "") + "\", split=\"train\")\n");
        return text.toString();
    }

    private static String format(String file) {
        return switch (file.replaceFirst("\\..*", "")) {
            case "preferences" -> "a pair a row: `prompt`, `chosen`, `rejected`, as TRL reads it";
            case "ranked" -> "a prompt a row: `prompt`, `responses` and their scores";
            case "demonstrations" -> "an answer a row: `prompt`, `completion`, as TRL reads it";
            case "prompts" -> "a prompt a row";
            default -> "rows as they were in the source";
        };
    }

    private String teacher() {
        Map<String, @Nullable Object> keys = new Resolved(run.keys()).toMap();
        Object served = keys.get("teacher_model");
        Object local = keys.get("teacher");
        List<String> names = new ArrayList<>();
        for (Object value : new Object[] {served == null ? List.of() : served, local == null ? List.of() : local}) {
            List<?> all = value instanceof List<?> list ? list : List.of(value);
            all.forEach(one -> names.add(Markdown.escaped(CardRun.place(Path.of(String.valueOf(one))))));
        }
        return names.isEmpty() ? "" : " with the teacher " + String.join(", ", names);
    }

    private static void section(Markdown text, String title, List<String> head, List<List<String>> rows) {
        if (!rows.isEmpty()) {
            text.heading(2, title).table(head, rows);
        }
    }
}
