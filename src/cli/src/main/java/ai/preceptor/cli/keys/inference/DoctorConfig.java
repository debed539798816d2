package ai.preceptor.cli.keys.inference;

import ai.preceptor.cli.keys.DeviceKeys;
import ai.preceptor.data.setting.Group;

/** Keys of {@code doctor}. */
public record DoctorConfig(@Group(title = "Device") DeviceKeys device) {}
