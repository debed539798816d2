package ai.preceptor.formats.weights;

import ai.preceptor.data.OutputException;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a checkpoint in Hugging Face layout: one {@code model.safetensors}, or shards of a bounded size and their
 * index.
 *
 * @param maxShardBytes most bytes of tensors in one file, at least 1; a larger tensor gets a file of its own
 */
public record CheckpointWriter(long maxShardBytes) {
    /** Checks the bound. */
    public CheckpointWriter {
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException("maxShardBytes: expected at least 1, received " + maxShardBytes);
        }
    }

    /** All tensors in one file of any size. */
    public static CheckpointWriter single() {
        return new CheckpointWriter(Long.MAX_VALUE);
    }

    /**
     * Writes the tensors and then removes an earlier checkpoint's files that are not part of this one. Each file is
     * replaced whole, but the set of shards is not: write to a new directory and rename that.
     *
     * @param directory where to; created when missing
     * @param tensors by name, in the order in which shards are filled
     * @throws OutputException when a file cannot be written
     */
    public void write(Path directory, Map<String, TensorData> tensors) {
        List<Map<String, TensorData>> shards = split(tensors);
        Set<String> current = new HashSet<>();
        if (shards.size() == 1) {
            current.add(Checkpoint.SINGLE);
            SafetensorsWriter.write(directory.resolve(Checkpoint.SINGLE), tensors, SafetensorsWriter.PYTORCH);
        } else {
            Map<String, String> listed = new TreeMap<>();
            for (int i = 0; i < shards.size(); i++) {
                String file = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
                current.add(file);
                shards.get(i).keySet().forEach(name -> listed.put(name, file));
                SafetensorsWriter.write(directory.resolve(file), shards.get(i), SafetensorsWriter.PYTORCH);
            }
            current.add(Checkpoint.INDEX);
            ModelJson.write(directory.resolve(Checkpoint.INDEX), index(tensors, listed));
        }
        removeOthers(directory, current);
    }

    private List<Map<String, TensorData>> split(Map<String, TensorData> tensors) {
        List<Map<String, TensorData>> shards = new ArrayList<>();
        Map<String, TensorData> open = new LinkedHashMap<>();
        long filled = 0;
        for (Map.Entry<String, TensorData> entry : tensors.entrySet()) {
            long bytes = entry.getValue().bytes();
            if (!open.isEmpty() && bytes > maxShardBytes - filled) {
                shards.add(open);
                open = new LinkedHashMap<>();
                filled = 0;
            }
            open.put(entry.getKey(), entry.getValue());
            filled += bytes;
        }
        shards.add(open);
        return shards;
    }

    private static ObjectNode index(Map<String, TensorData> tensors, Map<String, String> listed) {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = index.putObject("metadata");
        metadata.put(
                "total_parameters",
                tensors.values().stream().mapToLong(TensorData::elements).sum());
        metadata.put(
                "total_size",
                tensors.values().stream().mapToLong(TensorData::bytes).sum());
        ObjectNode map = index.putObject("weight_map");
        listed.forEach(map::put);
        return index;
    }

    private static void removeOthers(Path directory, Set<String> current) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "model*.safetensors*")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                boolean ours = name.matches("model(-\\d{5}-of-\\d{5})?\\.safetensors(\\.index\\.json)?");
                if (ours && !current.contains(name)) {
                    Files.delete(file);
                }
            }
        } catch (IOException failure) {
            throw new OutputException(directory, "an earlier checkpoint cannot be removed", failure);
        }
    }
}
