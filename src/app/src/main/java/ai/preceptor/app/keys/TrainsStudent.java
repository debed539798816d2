package ai.preceptor.app.keys;

import ai.preceptor.app.config.Checked;
import ai.preceptor.app.config.Checks;

/** Keys of a command that trains a student, wholly or by an adapter. */
interface TrainsStudent extends Checked {
    StudentKeys student();

    LoraKeys lora();

    @Override
    default void check(Checks checks) {
        lora().checkForward(student(), checks);
    }
}
