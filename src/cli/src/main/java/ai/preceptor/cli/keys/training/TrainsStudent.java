package ai.preceptor.cli.keys.training;

import ai.preceptor.cli.keys.HasOutput;
import ai.preceptor.cli.keys.StudentKeys;
import ai.preceptor.cli.keys.learners.HasLearners;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;

/** Keys of a command that trains a student, wholly or by an adapter. */
public interface TrainsStudent extends Checked, HasLearners, HasOutput {
    StudentKeys student();

    LoraKeys lora();

    @Override
    default void check(Checks checks) {
        lora().checkForward(student(), checks);
        learners().check(runDirectory(), checks);
    }
}
