package ai.preceptor.teacher.prompts;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.teacher.chat.PromptTemplate;
import ai.preceptor.teacher.chat.PromptTemplate.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The templates of what is asked, by name: the program's own, or those of a directory in their places.
 *
 * @param byName each with its places; copied
 */
public record PromptTemplates(Map<String, PromptTemplate> byName) {
    private static final String SUFFIX = ".txt";
    private static final Map<String, Places> PLACES = places();

    /** Copies the map. */
    public PromptTemplates {
        byName = Map.copyOf(byName);
    }

    private static Map<String, Places> places() {
        Map<String, Places> places = new TreeMap<>();
        places.put(SelfInstruct.TEMPLATE, SelfInstruct.PLACES);
        places.put(MetaPrompts.TEMPLATE, MetaPrompts.PLACES);
        places.put(Evolve.EQUAL, Evolve.EQUAL_PLACES);
        for (EvolveOperation operation : EvolveOperation.values()) {
            places.put(operation.label(), Evolve.PLACES);
        }
        return places;
    }

    /**
     * Reads them.
     *
     * @param directory with files {@code NAME.txt} that take the place of the program's own; null for none
     * @throws ConfigurationException if a file has another name, or lacks a place
     */
    public static PromptTemplates read(@Nullable Path directory) {
        Map<String, PromptTemplate> templates = new TreeMap<>();
        PLACES.forEach((name, places) ->
                templates.put(name, PromptTemplate.standard(PromptTemplates.class, name + SUFFIX, places)));
        for (Path file : directory == null ? List.<Path>of() : files(directory)) {
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.txt$", "");
            Places places = PLACES.get(name);
            if (places == null) {
                throw new ConfigurationException("prompt_templates: expected files "
                        + String.join(".txt, ", PLACES.keySet()) + ".txt, found " + file);
            }
            templates.put(name, PromptTemplate.read(file, places));
        }
        return new PromptTemplates(templates);
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ConfigurationException(
                    "prompt_templates: " + directory + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** One of them. */
    public PromptTemplate named(String name) {
        PromptTemplate template = byName.get(name);
        if (template == null) {
            throw new IllegalArgumentException("template: received " + name + ", expected one of " + byName.keySet());
        }
        return template;
    }

    /** Those of operations. */
    public Map<EvolveOperation, PromptTemplate> of(List<EvolveOperation> operations) {
        Map<EvolveOperation, PromptTemplate> some = new EnumMap<>(EvolveOperation.class);
        operations.forEach(operation -> some.put(operation, named(operation.label())));
        return some;
    }
}
