package ai.preceptor.lm.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.lm.torch.Torch;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Learners of c10d, here in one process. The library is not part of the build: {@code .ci/learners} runs these with it. */
@EnabledIfEnvironmentVariable(named = CollectiveLibrary.VARIABLE, matches = ".+", disabledReason = "no c10d library")
class TorchCollectiveTest extends CollectiveContract {
    @Override
    protected int world() {
        return 3;
    }

    @Override
    protected <T> List<T> each(ThreadCollective.Work<T> work) throws Exception {
        int port = freePort();
        List<Torch> devices = new ArrayList<>();
        List<Collective> learners = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(world());
        try {
            List<Future<Collective>> joining = new ArrayList<>();
            for (int rank = 0; rank < world(); rank++) {
                Torch torch = Torch.open("cpu", 1);
                devices.add(torch);
                CollectiveOptions options = CollectiveOptions.loopback(rank, world(), port, Duration.ofSeconds(20));
                joining.add(threads.submit((Callable<Collective>)
                        () -> TorchCollective.join(torch, CollectiveLibrary.find(null), options)));
            }
            for (Future<Collective> one : joining) {
                learners.add(one.get());
            }
            return ThreadCollective.each(learners, work);
        } finally {
            threads.shutdownNow();
            devices.forEach(Torch::close);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void join_withoutTheOthers_givesUpAfterTheTimeout() throws Exception {
        try (Torch torch = Torch.open("cpu", 1)) {
            CollectiveOptions alone = CollectiveOptions.loopback(1, 2, freePort(), Duration.ofSeconds(1));
            assertThatThrownBy(() -> TorchCollective.join(torch, CollectiveLibrary.find(null), alone))
                    .isInstanceOf(LostLearnerException.class)
                    .hasMessageContaining("learner 1 of 2 found no group at 127.0.0.1:" + alone.port());
        }
    }

    @Test
    void join_withAFileThatIsNoLibrary_namesTheArtifact(@TempDir Path directory) throws Exception {
        Path text = Files.writeString(directory.resolve("libpreceptor-collective.so"), "text");
        try (Torch torch = Torch.open("cpu", 1)) {
            assertThatThrownBy(() -> TorchCollective.join(
                            torch, text, CollectiveOptions.loopback(0, 1, 1, Duration.ofSeconds(1))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("preceptor-collective");
            assertThat(torch.liveTensors()).isZero();
        }
    }
}
