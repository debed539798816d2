package ai.preceptor.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.teacher.served.http.CallException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every way to give servers weights keeps. */
public abstract class WeightPublicationContract {
    @TempDir
    Path home;

    /** A new one, for a server whose model is {@code student}. */
    protected abstract WeightPublication publication();

    /** A server that has just been started. */
    protected abstract RunningServer server();

    /** A server and what it does. */
    public interface RunningServer extends AutoCloseable {
        /** Its calls. */
        ServerCalls calls();

        /** The number of the weights that it would sample from under a name; -1 if it refuses. */
        int weights(String model);

        /** As a kill. */
        void stop();

        /** After that. */
        void startAgain();

        @Override
        void close();
    }

    private Path weights(long version) {
        return new NumberedWeights(home).publish(version);
    }

    @Test
    void push_serverHasTheWeightsUnderTheNameReturned() {
        try (RunningServer server = server()) {
            WeightPublication how = publication();

            String model = how.push(server.calls(), weights(1), 1);

            assertThat(server.weights(model)).isEqualTo(NumberedWeights.number(1));
            assertThat(how.serves(server.calls(), model)).isTrue();
        }
    }

    @Test
    void push_again_isNoError() {
        try (RunningServer server = server()) {
            WeightPublication how = publication();
            how.push(server.calls(), weights(1), 1);

            String model = how.push(server.calls(), weights(1), 1);

            assertThat(server.weights(model)).isEqualTo(NumberedWeights.number(1));
        }
    }

    @Test
    void push_nextVersion_replacesTheLast() {
        try (RunningServer server = server()) {
            WeightPublication how = publication();
            how.push(server.calls(), weights(1), 1);

            String model = how.push(server.calls(), weights(2), 2);

            assertThat(server.weights(model)).isEqualTo(NumberedWeights.number(2));
        }
    }

    @Test
    void serves_serverThatWasStartedAgain_isFalseUntilTheNextPush() {
        try (RunningServer server = server()) {
            WeightPublication how = publication();
            String model = how.push(server.calls(), weights(1), 1);
            server.stop();
            server.startAgain();

            assertThat(answered(() -> how.serves(server.calls(), model))).isFalse();
            String again = how.push(server.calls(), weights(1), 1);

            assertThat(how.serves(server.calls(), again)).isTrue();
            assertThat(server.weights(again)).isEqualTo(NumberedWeights.number(1));
        }
    }

    @Test
    void isNamed_serverThatLostTheWeightsRefusesTheirName() {
        try (RunningServer server = server()) {
            WeightPublication how = publication();
            String model = how.push(server.calls(), weights(1), 1);
            server.stop();
            server.startAgain();

            assertThat(server.weights(model) < 0).isEqualTo(how.isNamed());
        }
    }

    @Test
    void push_serverThatIsGone_throws() {
        try (RunningServer server = server()) {
            WeightPublication how = publication();
            server.stop();
            Path weights = weights(1);

            assertThatThrownBy(() -> how.push(server.calls(), weights, 1)).isInstanceOf(CallException.class);
        }
    }

    /** After a restart a connection that was kept may turn out to be closed. */
    private static <T> T answered(Supplier<T> call) {
        try {
            return call.get();
        } catch (CallException closed) {
            return call.get();
        }
    }

    /** Of {@link FakeVllm}. */
    static final class FakeServer implements RunningServer {
        private final FakeVllm fake = FakeVllm.start("student");
        private final OpenServer open = new OpenServer(fake.url());

        @Override
        public ServerCalls calls() {
            return open.server();
        }

        @Override
        public int weights(String model) {
            return fake.weights(model);
        }

        @Override
        public void stop() {
            fake.stop();
        }

        @Override
        public void startAgain() {
            fake.startAgain();
        }

        @Override
        public void close() {
            open.close();
            fake.close();
        }
    }
}
