package ai.preceptor.cli.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** An instance of a user's own class. Closing it closes the instance, if that can be closed, and its class loader. */
public final class OpenPart implements AutoCloseable {
    private final Object instance;
    private final PluginLoader loader;

    OpenPart(Object instance, PluginLoader loader) {
        this.instance = instance;
        this.loader = loader;
    }

    /** The instance as one of the interfaces that it may implement; empty if it does not implement that one. */
    public <T> Optional<T> as(Class<T> type) {
        return type.isInstance(instance) ? Optional.of(type.cast(instance)) : Optional.empty();
    }

    /** The instance as the one interface that its key asks for, which was checked. */
    public <T> T require(Class<T> type) {
        return as(type).orElseThrow(() -> new IllegalStateException("its interface was checked"));
    }

    @Override
    public void close() {
        try (PluginLoader closedLast = loader) {
            if (instance instanceof AutoCloseable closeable) {
                OwnCode.close(closeable);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
