package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.data.setting.Group;
import ai.preceptor.data.setting.Key;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.generate.DecodeSettings;
import ai.preceptor.lm.generate.SamplingSettings;
import ai.preceptor.lm.tool.ToolSettings;
import ai.preceptor.lm.weights.ModelSource;

/** The learner's keys that a worker needs to sample as the learner would. */
public record SamplingJob(
        @Group(title = "Student") StudentKeys student,
        @Group(title = "Adapter and memory") LoraKeys lora,
        @Group(title = "Sampling") SamplingSettings sampling,
        @Group(title = "Steps of sampling") DecodeSettings decode,
        @Group(title = "Tools") ToolSettings tools,

        @Key(help = "seed of a new adapter", defaultValue = "0")
        long seed) {

    /** With an adapter to take if the learner trains one; else only to be run. */
    public LoadOptions loading() {
        boolean adapter = lora.enabled()
                || ModelSource.of(student.model(), student.adapter()).adapter() != null;
        return (adapter ? lora.trained(student, seed) : student.frozen()).withDecode(decode);
    }
}
