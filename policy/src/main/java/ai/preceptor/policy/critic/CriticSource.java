package ai.preceptor.policy.critic;

import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;

/** Opens the critic of a run. */
@FunctionalInterface
public interface CriticSource {

    /**
     * Opens it; the run closes it.
     *
     * @throws ai.preceptor.data.ConfigurationException if it does not go with the student
     * @throws ai.preceptor.data.DataException if its files cannot be read
     */
    Critic open(Beside student);

    /**
     * The student that a critic is trained beside.
     *
     * @param torch the device it is on
     * @param directory where it was loaded from
     * @param options how it was loaded: its precision, its adapter
     * @param training how it is trained; the critic's learning rate is not in it
     */
    record Beside(Torch torch, Path directory, LoadOptions options, TrainConfig training) {}
}
