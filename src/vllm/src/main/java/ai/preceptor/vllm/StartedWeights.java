package ai.preceptor.vllm;

import java.nio.file.Path;

/** Servers that keep the weights they were started with, for who only samples. */
public record StartedWeights(String model) implements WeightPublication {
    @Override
    public String push(ServerCalls server, Path weights, long version) {
        return model;
    }

    /** True if it answers: where it does not, it is not there. */
    @Override
    public boolean serves(ServerCalls server, String name) {
        server.get("/v1/models");
        return true;
    }

    @Override
    public boolean isNamed() {
        return true;
    }

    @Override
    public String needs() {
        return "nothing";
    }
}
