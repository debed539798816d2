package ai.preceptor.cli.yaml;

import ai.preceptor.cli.config.Settings;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keys as YAML, in a form that {@link Settings} reads back.
 *
 * @param keys values are numbers, booleans, texts, null, and lists and maps of these
 */
public record YamlText(Map<String, @Nullable Object> keys) {
    @Override
    public String toString() {
        YAMLFactory factory = YAMLFactory.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .build();
        try {
            return new ObjectMapper(factory).writeValueAsString(keys);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values have a form in YAML", e);
        }
    }
}
