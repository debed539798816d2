package ai.preceptor.vllm;

import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Adapters by {@code /v1/load_lora_adapter}. Every version has a name of its own, so a server that lost it in a restart
 * answers 404 instead of sampling from the base model; the one before is unloaded. The name comes from the directory, so two
 * runs may share a server.
 */
public final class AdapterPublication implements WeightPublication {
    private final Map<String, String> loaded = new ConcurrentHashMap<>();

    @Override
    public String push(ServerCalls server, Path weights, long version) {
        Path home = Objects.requireNonNull(weights.toAbsolutePath().getParent(), "a version's directory has a parent");
        String name = home.getFileName() + "-" + version;
        server.post(
                "/v1/load_lora_adapter",
                named(name)
                        .put("lora_path", weights.toAbsolutePath().toString())
                        .put("load_inplace", true));
        String before = loaded.put(server.name(), name);
        if (before != null && !before.equals(name)) {
            unload(server, before);
        }
        return name;
    }

    @Override
    public void release(ServerCalls server) {
        String last = loaded.remove(server.name());
        if (last != null) {
            unload(server, last);
        }
    }

    /** A server that has been restarted does not know it; then there is nothing to unload. */
    private static void unload(ServerCalls server, String name) {
        try {
            server.post("/v1/unload_lora_adapter", named(name));
        } catch (CallException e) {
            if (e.kind() != CallFailure.DENIED && e.kind() != CallFailure.REFUSED) {
                throw e;
            }
        }
    }

    private static ObjectNode named(String name) {
        return JsonNodeFactory.instance.objectNode().put("lora_name", name);
    }

    @Override
    public boolean serves(ServerCalls server, String model) {
        for (JsonNode one : server.get("/v1/models").path("data")) {
            if (one.path("id").asText("").equals(model)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isNamed() {
        return true;
    }

    @Override
    public String needs() {
        return "--enable-lora, --max-lora-rank of lora_r or more, and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True in its"
                + " environment";
    }
}
