package ai.preceptor.ranking.online;

import ai.preceptor.train.sampling.PolicySampler;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services that online rows depend on.
 *
 * @param sampler where answers come from, opened with the first batch
 * @param scorer name of what scores them
 * @param samples receives every answer before it is learnt from: a row of {@code samples.jsonl}
 * @param scoring figures of how scoring went so far, see {@link ai.preceptor.data.Scorer#metrics}
 * @param nanoClock nanoseconds of a monotonic clock
 * @param stopping whether a stop was asked for: then no further batch is sampled for a step, which the loop does not make
 */
public record OnlinePorts(
        PolicySampler.Opener sampler,
        String scorer,
        Consumer<Map<String, @Nullable Object>> samples,
        Supplier<Map<String, Number>> scoring,
        LongSupplier nanoClock,
        BooleanSupplier stopping) {}
