package ai.preceptor.cli.keys.watch;

import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.KeyEffect;
import ai.preceptor.data.setting.Refusals;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Where a command's meters can be collected. */
public record MeterKeys(
        @Key(
                help = "serve metrics at http://127.0.0.1:PORT/metrics; 0 for any free port",
                range = "[0, 65535]",
                effect = KeyEffect.NONE)
        @Nullable
        Integer metricsPort,

        @Key(
                help = "OpenTelemetry collector to send metrics to, such as http://127.0.0.1:4318/v1/metrics",
                defaultText = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, if set",
                effect = KeyEffect.NONE)
        @Nullable
        String otlpUrl) {
    /** What {@link #isAddress} takes, for messages, which do not repeat what was given: it may hold a secret. */
    public static final String EXPECTED_ADDRESS =
            "expected http://HOST:PORT/PATH or https://HOST/PATH, without a user or a query;"
                    + " secrets belong into OTEL_EXPORTER_OTLP_METRICS_HEADERS";

    /** Refuses what is no address. */
    public MeterKeys {
        Refusals refusals = Refusals.of(MeterKeys.class, metricsPort, otlpUrl);
        if (otlpUrl != null && !isAddress(otlpUrl)) {
            refusals.refuse("otlp_url", EXPECTED_ADDRESS);
        }
        refusals.throwIfAny();
    }

    /** Whether a text is the address of a collector, and has no part in which a secret may be. */
    public static boolean isAddress(String text) {
        try {
            URI uri = new URI(text);
            boolean isHttp = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return isHttp
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
