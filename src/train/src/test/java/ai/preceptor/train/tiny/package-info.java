/** The golden {@code tiny-chat} model in the training loop, for tests of curves in this module and above it. */
@NullMarked
package ai.preceptor.train.tiny;

import org.jspecify.annotations.NullMarked;
