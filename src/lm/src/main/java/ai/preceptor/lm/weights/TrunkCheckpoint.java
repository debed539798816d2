package ai.preceptor.lm.weights;

import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.formats.weights.TensorSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A checkpoint of the trunk alone, such as OpenAI's of GPT-2, whose names lack the trunk's prefix: read as if they had it, as
 * transformers does.
 */
record TrunkCheckpoint(TensorSource trunk, String prefix, SortedSet<String> names) implements TensorSource {

    /** The checkpoint itself where its names are those of the whole model. */
    static TensorSource of(TensorSource checkpoint, DecoderConfig config) {
        String prefix = config.tensorNames().trunk();
        String embedding = ModelTensors.embedding(config).substring(prefix.length());
        boolean bare = !prefix.isEmpty()
                && checkpoint.names().contains(embedding)
                && checkpoint.names().stream().noneMatch(name -> name.startsWith(prefix));
        if (!bare) {
            return checkpoint;
        }
        SortedSet<String> names = new TreeSet<>();
        checkpoint.names().forEach(name -> names.add(prefix + name));
        return new TrunkCheckpoint(checkpoint, prefix, names);
    }

    @Override
    public Path path() {
        return trunk.path();
    }

    private String bare(String name) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    @Override
    public TensorInfo info(String name) {
        return trunk.info(bare(name));
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        return trunk.map(bare(name), from, length);
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        trunk.read(bare(name), from, into);
    }

    @Override
    public void close() {
        trunk.close();
    }
}
