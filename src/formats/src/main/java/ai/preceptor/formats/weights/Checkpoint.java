package ai.preceptor.formats.weights;

import ai.preceptor.data.DataException;
import ai.preceptor.formats.io.ModelJson;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The tensors of a model directory: {@code model.safetensors}, or the shards that {@code model.safetensors.index.json}
 * lists. A single file wins over an index, as in transformers. Tensors that a shard holds and the index does not list
 * count too; of a name in two shards the index decides.
 */
public final class Checkpoint implements TensorSource {
    /** Name of an unsharded checkpoint. */
    public static final String SINGLE = "model.safetensors";

    /** Name of the file that lists shards. */
    public static final String INDEX = "model.safetensors.index.json";

    private final Path directory;
    private final List<SafetensorsFile> files;
    private final Map<String, SafetensorsFile> owners;

    private Checkpoint(Path directory, List<SafetensorsFile> files, Map<String, SafetensorsFile> owners) {
        this.directory = directory;
        this.files = files;
        this.owners = owners;
    }

    /**
     * Opens and checks all files of a checkpoint.
     *
     * @param directory a model directory
     * @return the open checkpoint; close it
     * @throws DataException when there is none, or a file is missing, truncated, or not what the index says
     */
    public static Checkpoint open(Path directory) {
        if (Files.isRegularFile(directory.resolve(SINGLE))) {
            return open(directory, List.of(SINGLE), Map.of());
        }
        if (Files.isRegularFile(directory.resolve(INDEX))) {
            Map<String, String> listed = readIndex(directory.resolve(INDEX));
            return open(directory, new TreeSet<>(listed.values()), listed);
        }
        throw DataException.in(directory, Files.isDirectory(directory) ? missing(directory) : "no such directory");
    }

    private static Checkpoint open(Path directory, Collection<String> names, Map<String, String> listed) {
        Map<String, SafetensorsFile> files = new LinkedHashMap<>();
        Map<String, SafetensorsFile> owners = new TreeMap<>();
        try {
            for (String name : names) {
                SafetensorsFile file = SafetensorsFile.open(directory.resolve(name));
                files.put(name, file);
                file.names().forEach(tensor -> owners.put(tensor, file));
            }
            listed.forEach((tensor, name) -> {
                SafetensorsFile file = files.get(name);
                if (file == null || !file.names().contains(tensor)) {
                    throw DataException.in(
                            directory.resolve(INDEX), "tensor \"" + tensor + "\" is not in " + name + " as it says");
                }
                owners.put(tensor, file);
            });
            return new Checkpoint(directory, List.copyOf(files.values()), owners);
        } catch (RuntimeException failure) {
            files.values().forEach(SafetensorsFile::close);
            throw failure;
        }
    }

    private static Map<String, String> readIndex(Path index) {
        JsonNode map = ModelJson.read(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw DataException.in(
                    index,
                    "key \"weight_map\": expected an object from tensor to file, found " + ModelJson.describe(map));
        }
        Map<String, String> listed = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            JsonNode shard = entry.getValue();
            if (!shard.isTextual() || !isFileName(index, shard.textValue())) {
                throw DataException.in(
                        index,
                        "key \"weight_map." + entry.getKey()
                                + "\": expected the name of a .safetensors file next to it, found "
                                + ModelJson.describe(shard));
            }
            listed.put(entry.getKey(), shard.textValue());
        });
        return listed;
    }

    /** Whether a text names a shard beside the index: no other directory, and nothing that no file is called. */
    private static boolean isFileName(Path index, String text) {
        try {
            return text.matches("[^/\\\\]+\\.safetensors") && index.resolveSibling(text) != null;
        } catch (InvalidPathException impossible) {
            return false;
        }
    }

    /** What to say where no safetensors are: names what is there instead. */
    private static String missing(Path directory) {
        List<String> others = new ArrayList<>();
        String[] patterns = {"*.bin", "*.pt", "*.pth", "*.gguf", "*.safetensors"};
        for (String pattern : patterns) {
            try (var found = Files.newDirectoryStream(directory, pattern)) {
                found.forEach(file -> others.add(String.valueOf(file.getFileName())));
            } catch (IOException unreadable) {
                throw new DataException(directory + ": cannot be listed: " + unreadable.getMessage(), unreadable);
            }
        }
        Collections.sort(others);
        return "holds neither " + SINGLE + " nor " + INDEX
                + (others.isEmpty() ? "" : "; found " + String.join(", ", others) + ", which are not read as weights");
    }

    @Override
    public Path path() {
        return directory;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(owners.keySet());
    }

    @Override
    public TensorInfo info(String name) {
        return owner(name).info(name);
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        return owner(name).map(name, from, length);
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        owner(name).read(name, from, into);
    }

    private SafetensorsFile owner(String name) {
        SafetensorsFile file = owners.get(name);
        if (file == null) {
            throw DataException.in(directory, "no tensor \"" + name + "\" among its " + owners.size());
        }
        return file;
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}
