package ai.preceptor.app.keys;

import ai.preceptor.app.config.Group;

/** Keys of {@code doctor}. */
public record DoctorConfig(@Group(title = "Device") DeviceKeys device) {}
