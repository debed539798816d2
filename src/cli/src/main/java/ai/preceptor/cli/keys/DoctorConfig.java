package ai.preceptor.cli.keys;

import ai.preceptor.cli.config.Group;

/** Keys of {@code doctor}. */
public record DoctorConfig(@Group(title = "Device") DeviceKeys device) {}
