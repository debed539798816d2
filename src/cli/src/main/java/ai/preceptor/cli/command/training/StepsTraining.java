package ai.preceptor.cli.command.training;

import ai.preceptor.Preceptor;
import ai.preceptor.cli.command.EncodableRows;
import ai.preceptor.cli.command.StageRun;
import ai.preceptor.cli.keys.training.RewardConfig;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.rows.RowFormat;
import ai.preceptor.data.steps.LabeledSteps;
import ai.preceptor.eval.StepReport;
import ai.preceptor.formats.config.DecoderConfig;
import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.text.Boundary;
import ai.preceptor.lm.weights.ModelSource;
import ai.preceptor.process.ProcessRewardModel;
import ai.preceptor.process.ProcessRewardSummary;
import ai.preceptor.reward.process.StepObjective;
import ai.preceptor.reward.process.StepSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code reward} on rows of labeled steps: trains a process reward model. */
record StepsTraining(RewardConfig keys, StageRun run) {
    void train() {
        long seed = keys.training().seed();
        Path directory = keys.student().model();
        StepSettings steps = keys.loss().steps();
        String separator = separator(directory, steps);
        StepObjective objective = new StepObjective(separator, steps.trainOnLastStepOnly());
        RowFormat<LabeledSteps> encodable = EncodableRows.of(
                RowFormat.STEPS,
                keys.student().files(),
                Boundary.MOVE,
                (row, encoder) -> objective.pack(row, encoder, PackedBatch.builder()));
        HeldOut<LabeledSteps> rows = HeldOut.read(keys.data(), keys.heldOut(), seed, encodable, run);
        try (Preceptor preceptor = run.open(keys.device(), keys.student());
                ProcessRewardModel model = preceptor.processRewardModel(
                        directory,
                        keys.lora().trained(keys.student(), seed),
                        separator,
                        keys.loss().heads(seed))) {
            ProcessRewardSummary summary = model.train(
                    rows.train(),
                    rows.test(),
                    steps.trainOnLastStepOnly(),
                    keys.training(),
                    run.setting(List.of("accuracy", "step_probability")));
            StepReport measured = summary.measured();
            run.finish(summary.training(), measured == null ? Map.of() : measured.toRow(), List.of());
        }
    }

    /** A process reward model has one already, which it keeps. */
    private static String separator(Path model, StepSettings steps) {
        ModelSource source = ModelSource.of(model);
        if (!source.process()) {
            return steps.separator();
        }
        String stored = DecoderConfig.read(source.base()).stepSeparator();
        String given = steps.stepSeparator();
        if (given != null && !given.equals(stored)) {
            throw new ConfigurationException("step_separator: expected \"" + stored
                    + "\", with which the process reward model " + model + " was trained, or none, found \"" + given
                    + "\"");
        }
        return stored;
    }
}
