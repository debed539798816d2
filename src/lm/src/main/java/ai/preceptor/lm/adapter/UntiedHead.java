package ai.preceptor.lm.adapter;

import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.formats.weights.TensorSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** A checkpoint whose head is its embedding, read as if the head were a tensor of its own. */
record UntiedHead(TensorSource tied, String head, String embedding) implements TensorSource {
    @Override
    public Path path() {
        return tied.path();
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>(tied.names());
        names.add(head);
        return names;
    }

    private String real(String name) {
        return name.equals(head) ? embedding : name;
    }

    @Override
    public TensorInfo info(String name) {
        return tied.info(real(name));
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        return tied.map(real(name), from, length);
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        tied.read(real(name), from, into);
    }

    @Override
    public void close() {
        tied.close();
    }
}
