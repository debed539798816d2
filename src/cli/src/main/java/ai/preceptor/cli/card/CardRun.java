package ai.preceptor.cli.card;

import ai.preceptor.cli.config.KeyEffects;
import ai.preceptor.cli.config.Resolved;
import ai.preceptor.cli.report.DataRow;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.IoReason;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.data.source.PathList;
import ai.preceptor.hub.HubName;
import ai.preceptor.hub.HubSnapshot;
import ai.preceptor.hub.RepoKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a card is about.
 *
 * @param command that ran
 * @param keys its configuration
 * @param data files that it read, and what became of their rows
 * @param figures it came to, by name
 */
public record CardRun(
        String command, Record keys, List<DataRow> data, Map<String, ? extends @Nullable Object> figures) {
    /** Copies the list. */
    public CardRun {
        data = List.copyOf(data);
    }

    /** How each of the paths that one stands for is named: repository and commit of what came from the Hub, else the file's name alone. */
    static String place(Path path) {
        return PathList.parts(path.toString()).stream()
                .map(part -> HubSnapshot.origin(part)
                        .orElseGet(() -> String.valueOf(Path.of(part).getFileName())))
                .collect(Collectors.joining(", "));
    }

    /** Settings that are not at their defaults, escaped; without those of where and for whom it ran, which may be private. */
    List<List<String>> settings() {
        KeyEffects effects = KeyEffects.of(keys.getClass());
        List<List<String>> rows = new ArrayList<>();
        new Resolved(keys).changes(CardRun::place).forEach((key, value) -> {
            if (effects.of(key).isPublished()) {
                rows.add(List.of(Markdown.escaped(key), Markdown.escaped(String.valueOf(value))));
            }
        });
        return rows;
    }

    /** Files, rows and digests, escaped. */
    List<List<String>> files() {
        List<List<String>> rows = new ArrayList<>();
        for (DataRow row : data) {
            Path file = Path.of(row.name());
            rows.add(List.of(
                    Markdown.escaped(place(file)),
                    String.valueOf(row.account().kept()),
                    digest(file).map(hex -> "`" + hex + "`").orElse("several files")));
        }
        return rows;
    }

    /** Repositories of data that came from the Hub. */
    List<String> datasets() {
        return data.stream()
                .flatMap(row -> HubSnapshot.origins(row.name()).stream())
                .filter(origin -> origin.kind() == RepoKind.DATASET)
                .map(HubName::repo)
                .distinct()
                .toList();
    }

    private static Optional<String> digest(Path file) {
        try {
            return Files.isRegularFile(file) ? Optional.of(Sha256.of(file)) : Optional.empty();
        } catch (IOException e) {
            throw new OutputException(file, "cannot be read: " + IoReason.of(e), e);
        }
    }

    /** Figures that are numbers, escaped; those of one step are not the run's. */
    List<List<String>> numbers() {
        List<List<String>> rows = new ArrayList<>();
        figures.forEach((name, value) -> {
            if (value instanceof Number number) {
                rows.add(List.of(Markdown.escaped(name), number(number)));
            }
        });
        return rows;
    }

    /** Figures of held-out rows. */
    Map<String, Double> heldOut() {
        Map<String, Double> found = new LinkedHashMap<>();
        figures.forEach((name, value) -> {
            if (name.startsWith("eval_")
                    && !name.startsWith("eval_runtime")
                    && value instanceof Number number
                    && Double.isFinite(number.doubleValue())) {
                found.put(name, number.doubleValue());
            }
        });
        return found;
    }

    private static String number(Number number) {
        boolean whole = number instanceof Integer || number instanceof Long;
        return whole ? number.toString() : String.format(Locale.ROOT, "%.4g", number.doubleValue());
    }

    /** What the key of a path says; empty if it is not given, or a list. */
    Optional<Path> path(String key) {
        Object value = new Resolved(keys).toMap().get(key);
        return value instanceof String text ? Optional.of(Path.of(text)) : Optional.empty();
    }
}
