package ai.preceptor.vllm;

import java.nio.file.Path;

/** Weights that servers are to have. */
record PublishedVersion(long version, Path directory) {}
