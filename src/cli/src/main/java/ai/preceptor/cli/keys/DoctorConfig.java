package ai.preceptor.cli.keys;

import ai.preceptor.data.setting.Group;

/** Keys of {@code doctor}. */
public record DoctorConfig(@Group(title = "Device") DeviceKeys device) {}
