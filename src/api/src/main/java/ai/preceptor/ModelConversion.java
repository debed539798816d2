package ai.preceptor;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.RealPath;
import ai.preceptor.formats.files.ModelFiles;
import ai.preceptor.lm.copy.ModelCopy;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.reward.RewardStatistics;
import ai.preceptor.run.ModelTarget;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Rewrites a model as a Hugging Face directory with its tokenizer, chat template and generation settings; an adapter is
 * merged into the weights below it, weights of several models are averaged, layers are left out. A model that then gives
 * other rewards has no statistics of them.
 *
 * @param copy which model, adapter and layers, averaged with what, in which format and files of what size
 */
public record ModelConversion(ModelCopy copy) {
    /**
     * Writes the directory, atomically.
     *
     * @param target a new or empty directory, or one with another model, which is replaced
     * @return how many tensors it holds
     * @throws ai.preceptor.data.DataException when the model is truncated, or not what its configuration says
     * @throws ai.preceptor.data.OutputException when the directory cannot be written
     * @throws ConfigurationException when the target is the base of the adapter that is merged
     */
    public int write(Path target) {
        ModelSource source = copy.source();
        requireOther(target, source.base());
        copy.average().others().forEach(other -> requireOther(target, other));
        ModelFiles files = source.files();
        AtomicInteger tensors = new AtomicInteger();
        new ModelTarget(target)
                .write(
                        aside -> {
                            tensors.set(copy.writeTo(aside));
                            if (copy.isSameModel()) {
                                RewardStatistics.read(files.directory()).ifPresent(measured -> measured.write(aside));
                            }
                        },
                        files);
        return tensors.get();
    }

    private static void requireOther(Path target, Path model) {
        if (RealPath.of(target).isSame(RealPath.of(model))) {
            throw new ConfigurationException(
                    "output: expected another directory than the model's own, found " + target);
        }
    }
}
