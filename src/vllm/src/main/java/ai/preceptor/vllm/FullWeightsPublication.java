package ai.preceptor.vllm;

import ai.preceptor.teacher.served.http.CallException;
import ai.preceptor.teacher.served.http.CallFailure;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All weights by {@code /collective_rpc} {@code reload_weights}, and a prefix cache without the old ones. A server does not
 * tell which weights it has, so its process is remembered: another one has the weights that it was started with.
 */
public final class FullWeightsPublication implements WeightPublication {
    private final String model;
    private final Map<String, String> processes = new ConcurrentHashMap<>();

    /** @param model the student's name on the servers */
    public FullWeightsPublication(String model) {
        this.model = model;
    }

    @Override
    public String push(ServerCalls server, Path weights, long version) {
        String before = process(server);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("method", "reload_weights");
        body.putObject("kwargs").put("weights_path", weights.toAbsolutePath().toString());
        server.post("/collective_rpc", body);
        server.post("/reset_prefix_cache", JsonNodeFactory.instance.objectNode());
        processes.put(server.name(), before);
        return model;
    }

    @Override
    public boolean serves(ServerCalls server, String name) {
        return process(server).equals(processes.get(server.name()));
    }

    private static String process(ServerCalls server) {
        String id = server.get("/server_info?config_format=json")
                .path("vllm_config")
                .path("instance_id")
                .asText("");
        if (id.isEmpty()) {
            throw new CallException(
                    CallFailure.DENIED,
                    server.name() + ": expected vllm_config.instance_id in /server_info, found none",
                    true,
                    null);
        }
        return id;
    }

    @Override
    public boolean isNamed() {
        return false;
    }

    @Override
    public String needs() {
        return "VLLM_SERVER_DEV_MODE=1 in its environment, and rollout_weights_dir under the path that it has here";
    }
}
