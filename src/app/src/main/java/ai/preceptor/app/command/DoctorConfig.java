package ai.preceptor.app.command;

import ai.preceptor.app.config.Key;

/** Keys of {@code doctor}. */
public record DoctorConfig(
        @Key(help = "device to look at: auto, cpu or cuda:N", standard = "auto")
        String device,

        @Key(help = "threads for the matmul measurement, 0 for all cores", standard = "0", range = "[0, 1024]")
        int threads) {}
