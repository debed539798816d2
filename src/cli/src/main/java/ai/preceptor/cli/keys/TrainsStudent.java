package ai.preceptor.cli.keys;

import ai.preceptor.cli.config.Checked;
import ai.preceptor.cli.config.Checks;

/** Keys of a command that trains a student, wholly or by an adapter. */
interface TrainsStudent extends Checked {
    StudentKeys student();

    LoraKeys lora();

    @Override
    default void check(Checks checks) {
        lora().checkForward(student(), checks);
    }
}
