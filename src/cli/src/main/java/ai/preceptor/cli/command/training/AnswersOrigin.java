package ai.preceptor.cli.command.training;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.DataException;
import ai.preceptor.data.OutputException;
import ai.preceptor.data.files.AtomicFiles;
import ai.preceptor.train.run.RunSpec;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file beside a teacher's answers that says what they were made from, so that answers of another teacher, to other prompts or
 * otherwise sampled are not learnt from.
 *
 * @param answers their file
 * @param file its own
 */
record AnswersOrigin(Path answers, Path file) {
    private static final JsonMapper JSON = new JsonMapper();

    static AnswersOrigin of(Path answers) {
        String name = String.valueOf(answers.getFileName()).replace(".jsonl", ".origin.json");
        return new AnswersOrigin(answers, answers.resolveSibling(name));
    }

    boolean isThere() {
        return Files.exists(file);
    }

    void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new OutputException(file, "cannot be removed: " + e.getMessage(), e);
        }
    }

    void write(Map<String, String> origin) {
        try {
            AtomicFiles.writeString(
                    file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(new TreeMap<>(origin)) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an origin that is not JSON", e);
        }
    }

    /**
     * Makes sure that the answers were made from what they would be made from now.
     *
     * @throws ConfigurationException naming what differs; the answers stay, since they may have taken hours
     */
    void require(Map<String, String> now) {
        if (!isThere()) {
            throw new ConfigurationException("resume: expected " + file + ", which says what the answers in " + answers
                    + " were made from, found none" + goingOn());
        }
        String differences = RunSpec.differences(read(), now, Map.of());
        if (!differences.isEmpty()) {
            throw new ConfigurationException("resume: the teacher's answers in " + answers
                    + " were made from something else; these differ: " + differences + goingOn());
        }
    }

    private String goingOn() {
        return "; restore it, remove " + answers + " to have the teacher answer again, or choose another output";
    }

    private Map<String, String> read() {
        try {
            Map<String, String> noted = new TreeMap<>();
            JSON.readTree(file.toFile())
                    .properties()
                    .forEach(entry -> noted.put(entry.getKey(), entry.getValue().asText()));
            return noted;
        } catch (IOException e) {
            throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
