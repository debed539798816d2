package ai.preceptor.cli.hub;

import ai.preceptor.cli.console.ProgressLine;
import ai.preceptor.cli.console.Terminal;
import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.yaml.References;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.OutputException;
import ai.preceptor.hub.Hub;
import ai.preceptor.hub.HubName;
import ai.preceptor.hub.HubSnapshot;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads configurations in which paths may be names on the Hub. A configuration is read once to find everything that is wrong
 * with it, then the server is asked for what is not known to be whole in the cache, then it is read again with the paths that there are now.
 *
 * @param hub opened when the first name is met
 * @param terminal shows downloads
 */
public record HubNames(Supplier<Hub> hub, Terminal terminal) {
    private static final int MIB = 20;

    /** With cache, server and token of this process's environment. */
    public static HubNames of(Terminal terminal) {
        return new HubNames(new Opened(), terminal);
    }

    /** The environment's Hub, opened once. */
    private static final class Opened implements Supplier<Hub> {
        private @Nullable Hub hub;

        @Override
        public synchronized Hub get() {
            Hub opened = hub == null ? Hub.system() : hub;
            hub = opened;
            return opened;
        }
    }

    /**
     * Reads a configuration.
     *
     * @param reading with what paths may be written as
     */
    public <C extends Record> C read(Function<References, C> reading) {
        Map<HubName, String> absent = new LinkedHashMap<>();
        C found = reading.apply(new HubReferences(hub, PinnedCommits.none(), Map.of(), absent));
        Path run = found instanceof HasOutput output ? output.runDirectory() : null;
        PinnedCommits pins = run == null ? PinnedCommits.none() : PinnedCommits.of(run);
        if (!pins.isEmpty()) {
            absent.clear();
            found = reading.apply(new HubReferences(hub, pins, Map.of(), absent));
        }
        if (absent.isEmpty()) {
            return found;
        }
        Map<HubName, HubSnapshot> got = new HashMap<>();
        absent.forEach((name, written) -> got.put(name, download(name, written)));
        return reading.apply(new HubReferences(hub, pins, got, new HashMap<>()));
    }

    private HubSnapshot download(HubName name, String written) {
        terminal.err().println("asking the Hub for " + name);
        ProgressLine line = new ProgressLine(terminal, "download", System::nanoTime);
        try {
            HubSnapshot snapshot = hub.get()
                    .get(name, (of, file, done, total) -> line.update(done >> MIB, total >> MIB, "MiB  " + file));
            line.say(name + ": commit " + snapshot.commit());
            return snapshot;
        } catch (OutputException e) {
            throw e;
        } catch (ConfigurationException e) {
            throw new ConfigurationException(
                    "\"" + written + "\": " + HubReferences.neither(written) + e.getMessage(), e);
        } finally {
            line.close();
        }
    }
}
