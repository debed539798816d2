package ai.preceptor.cli.metrics;

import ai.preceptor.cli.keys.watch.MeterKeys;
import ai.preceptor.data.ConfigurationException;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An OpenTelemetry collector that meters are sent to, in protocol buffers over HTTP. Headers, which may hold a secret, come from
 * {@code OTEL_EXPORTER_OTLP_METRICS_HEADERS}, further attributes from {@code OTEL_RESOURCE_ATTRIBUTES} and
 * {@code OTEL_SERVICE_NAME}.
 *
 * @param url of its metrics
 * @param interval between two sendings, by {@code OTEL_METRIC_EXPORT_INTERVAL} in milliseconds
 */
record OtlpTarget(String url, Duration interval) {
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private static final String INTERVAL = "OTEL_METRIC_EXPORT_INTERVAL";
    private static final Duration USUAL = Duration.ofMinutes(1);

    /**
     * The one that is asked for.
     *
     * @param key value of {@code otlp_url}, which wins over the environment
     * @throws ConfigurationException if the interval is none, or the address
     */
    static Optional<OtlpTarget> of(@Nullable String key, Map<String, String> environment) {
        String url = key == null ? environment.getOrDefault(ENDPOINT, "").strip() : key;
        if (!url.isBlank() && !MeterKeys.isAddress(url)) { // failures are logged with it
            throw new ConfigurationException((key == null ? ENDPOINT : "otlp_url") + ": " + MeterKeys.EXPECTED_ADDRESS);
        }
        return url.isBlank() ? Optional.empty() : Optional.of(new OtlpTarget(url, interval(environment.get(INTERVAL))));
    }

    private static Duration interval(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return USUAL;
        }
        if (!given.matches("[0-9]{1,9}") || Integer.parseInt(given) < 1) {
            throw new ConfigurationException(INTERVAL + ": expected milliseconds in [1, 999999999], found " + given);
        }
        return Duration.ofMillis(Integer.parseInt(given));
    }

    /** Begins to send; closing the registry sends once more. */
    MeterRegistry open(Tags labels) {
        OtlpMeterRegistry registry = new OtlpMeterRegistry(new Config(this), Clock.SYSTEM);
        registry.config().commonTags(labels);
        return registry;
    }

    private record Config(OtlpTarget target) implements OtlpConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public String url() {
            return target.url();
        }

        @Override
        public Duration step() {
            return target.interval();
        }

        @Override
        public Map<String, String> resourceAttributes() {
            Map<String, String> attributes = new HashMap<>(OtlpConfig.super.resourceAttributes());
            attributes.putIfAbsent("service.name", "preceptor");
            return attributes;
        }
    }
}
