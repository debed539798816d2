package ai.preceptor.train.model;

import ai.preceptor.formats.weights.Checkpoint;
import ai.preceptor.lm.LanguageModel;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.train.StepMetrics;
import ai.preceptor.train.TrainListener;
import ai.preceptor.train.reference.Reference;
import ai.preceptor.train.run.Stateful;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A reference that is updated towards the policy periodically: after every few optimizer steps its weights become
 * {@code alpha policy + (1 - alpha) reference} (Gorbatovski et al. 2024, Learn Your Reference Model, arXiv:2404.09656,
 * TR-DPO), so that the policy may go farther than a fixed reference lets it.
 *
 * <p>It listens to the loop's steps and is part of a checkpoint, which holds its weights in the directory
 * {@code reference}.
 * Weights kept in bfloat16 only are mixed in that precision.
 *
 * @param reference changes; stays its owner's to close
 * @param policy the model in training, of the same configuration
 * @param mixupAlpha share of the policy in the new reference, in [0, 1]; TRL's default is 0.6
 * @param syncSteps optimizer steps between two mixtures, at least 1; TRL's default is 512
 */
public record SyncedReference<R>(LanguageModel reference, LanguageModel policy, double mixupAlpha, int syncSteps)
        implements Reference<R>, TrainListener, Stateful {
    private static final String DIRECTORY = "reference";

    /** @throws IllegalArgumentException if a number is out of range */
    public SyncedReference {
        if (!(mixupAlpha >= 0 && mixupAlpha <= 1)) {
            throw new IllegalArgumentException("ref_model_mixup_alpha: " + mixupAlpha + ", must be in [0, 1]");
        }
        if (syncSteps < 1) {
            throw new IllegalArgumentException("ref_model_sync_steps: " + syncSteps + ", must be at least 1");
        }
    }

    @Override
    public float[] logprobs(List<R> rows, PackedBatch batch) {
        return reference.logprobs(batch);
    }

    @Override
    public void onStep(StepMetrics step) {
        if (step.step() % syncSteps == 0) {
            reference.follow(policy, 1 - mixupAlpha);
        }
    }

    @Override
    public void saveState(Path checkpoint) {
        try {
            reference.save(Files.createDirectory(checkpoint.resolve(DIRECTORY)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void loadState(Path checkpoint) {
        try (Checkpoint weights = Checkpoint.open(checkpoint.resolve(DIRECTORY))) {
            reference.parameters().load(weights);
        }
    }
}
