package ai.preceptor.vllm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterPublicationTest extends WeightPublicationContract {
    @Override
    protected WeightPublication publication() {
        return new AdapterPublication();
    }

    @Override
    protected RunningServer server() {
        return new FakeServer();
    }

    @Test
    void close_unloadsTheRunsAdapter(@TempDir Path home) {
        try (FakeVllm server = FakeVllm.start("student")) {
            try (VllmServers servers = Sampled.open(Sampled.quick(server).build())) {
                servers.publish(new AdapterPublication(), new NumberedWeights(home), null, 0);
                assertThat(server.adapters()).hasSize(1);
            }
            assertThat(server.adapters()).isEmpty();
        }
    }
}
