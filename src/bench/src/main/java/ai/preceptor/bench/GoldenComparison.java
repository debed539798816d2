package ai.preceptor.bench;

import ai.preceptor.formats.weights.SafetensorsFile;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.batch.WholeSequences;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Log-probabilities of the tiny models of all families on a device, against those that transformers computed. The files
 * are those of the tests.
 */
final class GoldenComparison {
    /** The tests' bound for float32. */
    static final double TOLERANCE = 1e-4;

    private static final String EXPECTED = "expected.safetensors";

    private GoldenComparison() {}

    /**
     * Compares every model that has expected log-probabilities.
     *
     * @param directory that holds a directory for each model
     * @return the largest difference, in nats, by model
     */
    static SortedMap<String, Double> largestDifferences(Torch torch, Path directory) throws IOException {
        SortedMap<String, Double> largest = new TreeMap<>();
        for (Path model : models(directory)) {
            try (SafetensorsFile expected = SafetensorsFile.open(model.resolve(EXPECTED))) {
                if (expected.names().contains("target_logprobs")) {
                    largest.put(model.getFileName().toString(), largestDifference(torch, model, expected));
                }
            }
        }
        return largest;
    }

    private static List<Path> models(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry ->
                            Files.exists(entry.resolve(EXPECTED)) && Files.exists(entry.resolve("config.json")))
                    .sorted()
                    .toList();
        }
    }

    private static double largestDifference(Torch torch, Path directory, SafetensorsFile expected) {
        LongBuffer ids = expected.map("input_ids").asLongBuffer();
        LongBuffer mask = expected.map("attention_mask").asLongBuffer();
        float[] wanted = expected.floats("target_logprobs");
        int columns = (int) expected.info("input_ids").shape()[1];
        double largest = 0;
        try (LanguageModel model = LanguageModel.load(torch, directory, LoadOptions.FROZEN)) {
            for (int row = 0; row * columns < ids.limit(); row++) {
                int first = row * columns;
                int[] used = IntStream.range(0, columns)
                        .filter(column -> mask.get(first + column) == 1)
                        .toArray();
                int[] tokens = IntStream.of(used)
                        .map(column -> (int) ids.get(first + column))
                        .toArray();
                float[] scored = model.logprobs(WholeSequences.nextTokens(tokens, 0));
                for (int i = 0; i + 1 < used.length; i++) {
                    largest = Math.max(largest, Math.abs(scored[i] - wanted[row * (columns - 1) + used[i]]));
                }
            }
        }
        return largest;
    }
}
