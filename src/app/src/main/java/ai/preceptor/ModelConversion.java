package ai.preceptor;

import ai.preceptor.data.OutputException;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.ModelCopy;
import ai.preceptor.lm.ModelSource;
import ai.preceptor.lm.RewardBackbone;
import ai.preceptor.lm.RewardBackbone.HeadInit;
import ai.preceptor.lm.files.ModelFiles;
import ai.preceptor.lm.torch.Torch;
import ai.preceptor.reward.RewardStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a model as a Hugging Face directory with its tokenizer, chat template and generation settings; an adapter is
 * merged into the weights below it.
 *
 * @param copy which model, in which format and files of what size; merged weights are float32 unless it says otherwise
 * @param adapter of the model; null for none but the model directory's own
 */
public record ModelConversion(ModelCopy copy, @Nullable Path adapter) {
    /** Of a model without an adapter given apart. */
    public ModelConversion(ModelCopy copy) {
        this(copy, null);
    }

    /**
     * Writes the directory, whole or not at all.
     *
     * @param target a new or empty directory, or one with another model, which is replaced
     * @return how many tensors it holds
     * @throws ai.preceptor.data.DataException when the model is torn, or not what its configuration says
     * @throws ai.preceptor.data.OutputException when the directory cannot be written
     */
    public int write(Path target) {
        ModelSource source = ModelSource.of(copy.model(), adapter);
        AtomicInteger tensors = new AtomicInteger();
        new ModelTarget(target)
                .write(
                        aside -> {
                            tensors.set(source.adapter() == null ? copy.writeTo(aside) : merge(source, aside));
                            RewardStatistics.read(copy.model()).ifPresent(measured -> measured.write(aside));
                        },
                        new ModelFiles(copy.model()));
        return tensors.get();
    }

    private int merge(ModelSource source, Path aside) {
        try {
            Path merged = Files.createDirectory(aside.resolve("merged"));
            save(source, merged);
            int tensors = new ModelCopy(merged, copy.format(), copy.maxShardBytes()).writeTo(aside);
            try (Stream<Path> files = Files.list(merged)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(merged);
            return tensors;
        } catch (IOException e) {
            throw new OutputException(aside, "cannot be written: " + e.getMessage(), e);
        }
    }

    private void save(ModelSource source, Path merged) {
        LoadOptions options = adapter == null ? LoadOptions.FROZEN : LoadOptions.FROZEN.withAdapter(adapter);
        try (Torch torch = Torch.open("cpu", 0)) {
            if (source.reward()) {
                try (RewardBackbone model = RewardBackbone.load(torch, copy.model(), options, HeadInit.ZEROS, 0)) {
                    model.save(merged);
                }
            } else {
                try (LanguageModel model = LanguageModel.load(torch, copy.model(), options)) {
                    model.save(merged);
                }
            }
        }
    }
}
