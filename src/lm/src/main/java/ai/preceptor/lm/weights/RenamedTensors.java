package ai.preceptor.lm.weights;

import ai.preceptor.formats.weights.TensorInfo;
import ai.preceptor.formats.weights.TensorSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A checkpoint whose tensors are read under other names, one perhaps under several. */
public final class RenamedTensors implements TensorSource {
    private final TensorSource source;

    /** The source's name of each. */
    private final SortedMap<String, String> names = new TreeMap<>();

    private RenamedTensors(TensorSource source, UnaryOperator<String> renaming) {
        this.source = source;
        source.names().forEach(name -> names.put(renaming.apply(name), name));
    }

    /** Takes over a source whose names lack a prefix. */
    static RenamedTensors prefixed(TensorSource source, String prefix) {
        return new RenamedTensors(source, name -> prefix + name);
    }

    /** Takes over a source, of which one tensor is read under another name too, such as a tied head's. */
    public static RenamedTensors withAlias(TensorSource source, String alias, String name) {
        RenamedTensors renamed = new RenamedTensors(source, same -> same);
        renamed.names.put(alias, name);
        return renamed;
    }

    @Override
    public Path path() {
        return source.path();
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(names.keySet());
    }

    private String inSource(String name) {
        return Objects.requireNonNullElse(names.get(name), name);
    }

    @Override
    public TensorInfo info(String name) {
        return source.info(inSource(name));
    }

    @Override
    public ByteBuffer map(String name, long from, int length) {
        return source.map(inSource(name), from, length);
    }

    @Override
    public void read(String name, long from, ByteBuffer into) {
        source.read(inSource(name), from, into);
    }

    @Override
    public void close() {
        source.close();
    }
}
