package ai.preceptor.cli.keys;

import ai.preceptor.Preceptor;
import ai.preceptor.data.setting.Checked;
import ai.preceptor.data.setting.Checks;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;

/** Where tensors live. */
public record DeviceKeys(
        @Key(help = "auto (CUDA if available), cpu or cuda:N", defaultValue = "auto", effect = KeyEffect.EXECUTION)
        String device,

        @Key(
                help = "threads per operation; 0 uses all cores",
                defaultValue = "0",
                range = "[0, 1024]",
                effect = KeyEffect.EXECUTION)
        int threads)
        implements Checked {
    /** Opens it. */
    public Preceptor open() {
        return Preceptor.open(device, threads);
    }

    @Override
    public void check(Checks checks) {
        if (!device.matches("auto|cpu|cuda(:[0-9]{1,3})?")) {
            checks.refuse("device", "expected auto, cpu or cuda:N, found \"" + device + "\"");
        }
    }
}
