package ai.preceptor.lm.generate;

/** Sampling options in few words. */
public final class TestSampling {
    private TestSampling() {}

    public static SamplingOptions of(
            int maxNewTokens, double temperature, double topP, int topK, double minP, long seed, int... stopIds) {
        SamplingSettings settings = SamplingSettings.builder()
                .maxNewTokens(maxNewTokens)
                .temperature(temperature)
                .topP(topP)
                .topK(topK)
                .minP(minP)
                .build();
        return new SamplingOptions(settings, seed).with(stopIds.length == 0 ? Stops.NONE : Stops.atIds(stopIds));
    }

    public static SamplingOptions penalized(
            SamplingOptions options, double repetition, double presence, double frequency) {
        return options.with(options.settings()
                .but()
                .repetitionPenalty(repetition)
                .presencePenalty(presence)
                .frequencyPenalty(frequency)
                .build());
    }

    public static SamplingOptions withMinNewTokens(SamplingOptions options, int least) {
        return options.with(options.settings().but().minNewTokens(least).build());
    }
}
