package ai.preceptor.app.keys;

import ai.preceptor.app.config.Group;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Keys of {@code sft}. */
public record SftConfig(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Data") DataKeys data,
        @Group(title = "Text") TextKeys text,
        @Group(title = "Held out") HeldOutKeys heldOut,
        @Group(title = "Run") OutputKeys output,

        @Group(title = "Loss") LearntKeys learnt,

        @Group(title = "Training", standards = "learning_rate=2e-5")
        TrainingKeys training,

        @Group(title = "Device") DeviceKeys device)
        implements HasOutput {
    @Override
    public @Nullable Path runDirectory() {
        return output.output();
    }
}
