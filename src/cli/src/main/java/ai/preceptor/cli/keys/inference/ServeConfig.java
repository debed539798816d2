package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.hub.HubSnapshot;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.GenerationLimits;
import ai.preceptor.serve.RequestLimits;
import ai.preceptor.serve.ServeOptions;
import ai.preceptor.serve.ServerKey;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code serve}. */
public record ServeConfig(
        @Group(title = "Model") StudentKeys student,

        @Key(help = "model name in requests", defaultText = "the name of its run, directory or repository") @Nullable
        String servedModelName,

        @Group(title = "Address") AddressKeys address,
        @Group(title = "Requests") RequestLimits requests,
        @Group(title = "Engine") EngineKeys engine,
        @Group(title = "Steps of sampling") DecodeSettings decode,
        @Group(title = "Device") DeviceKeys device) {

    /** {@code org/name} of a model of the Hub, {@code dpo} of {@code runs/dpo/model}, else the directory's name. */
    private static String nameOf(Path model) {
        Path whole = model.toAbsolutePath().normalize();
        Path parent = whole.getParent();
        Path named = parent != null && parent.getFileName() != null && whole.endsWith("model") ? parent : whole;
        return HubSnapshot.origin(whole.toString())
                .map(origin -> origin.substring(0, origin.indexOf('@')))
                .orElseGet(() -> String.valueOf(named.getFileName()));
    }

    /** As the server takes it. */
    public ServeOptions options() {
        String name = servedModelName == null ? nameOf(student.model()) : servedModelName;
        return new ServeOptions(
                address.host(),
                address.port(),
                address.key(),
                name,
                engine.limits().with(decode),
                requests);
    }

    /** Where to listen, and to whom. */
    public record AddressKeys(
            @Key(help = "address to listen on; an address other than loopback needs a key", defaultValue = "127.0.0.1")
            String host,

            @Key(
                    help = "port to listen on; 0 for any free port, which is printed",
                    defaultValue = "8000",
                    range = "[0, 65535]")
            int port,

            @Key(
                    help = "name of the environment variable with the key that clients must send",
                    defaultText = "PRECEPTOR_API_KEY; no key if unset",
                    effect = KeyEffect.NONE)
            @Nullable
            String apiKeyEnv)
            implements Checked {
        @Override
        public void check(Checks checks) {
            ServerKey key;
            try {
                key = key();
            } catch (ConfigurationException e) {
                checks.refuse("api_key_env", String.valueOf(e.getMessage()));
                return;
            }
            try {
                if (!InetAddress.getByName(host).isLoopbackAddress() && !key.isAsked()) {
                    checks.refuse(
                            "host",
                            "expected a loopback address such as 127.0.0.1, or a key in the environment variable "
                                    + ServerKey.VARIABLE + ", found \"" + host + "\" without a key");
                }
            } catch (UnknownHostException e) {
                checks.refuse("host", "expected an address of this machine, found \"" + host + "\", which is unknown");
            }
        }

        ServerKey key() {
            return ServerKey.fromEnvironment(apiKeyEnv, System::getenv);
        }
    }

    /** What the engine may take. */
    public record EngineKeys(
            @Key(help = "maximum answers decoded together", defaultValue = "64", range = "[1, 1024]")
            int maxNumSeqs,

            @Key(
                    help = "size in bytes of the key-value cache of all running answers; allocated at the start",
                    defaultValue = "1073741824",
                    range = "[1, inf)")
            long kvCacheMemoryBytes,

            @Key(help = "maximum prompt tokens per prefill step", defaultValue = "512", range = "[1, inf)")
            int maxNumBatchedTokens) {

        GenerationLimits limits() {
            return new GenerationLimits(maxNumSeqs, kvCacheMemoryBytes, maxNumBatchedTokens);
        }
    }
}
