package ai.preceptor.cli.config;

import ai.preceptor.cli.yaml.Origin;
import ai.preceptor.data.setting.PathKind;
import java.nio.file.Path;

/**
 * A path that a configuration gives under a key.
 *
 * @param key full dotted name
 * @param path as given
 * @param kind what it must point to, which says too whether it is read or written
 * @param origin where it was written
 */
record PathUse(String key, Path path, PathKind kind, Origin origin) {}
