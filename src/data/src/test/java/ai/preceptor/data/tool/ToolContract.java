package ai.preceptor.data.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link Tool} does; the test of one extends it. */
public abstract class ToolContract {
    /** The tool. */
    protected abstract Tool tool();

    /** Arguments of a call that it can answer. */
    protected abstract Map<String, @Nullable Object> arguments();

    @Test
    void tool_saysWhatItIs_alwaysTheSame() {
        assertThat(tool().name()).matches("[A-Za-z0-9_-]{1,64}").isEqualTo(tool().name());
        assertThat(tool().description()).isNotBlank().isEqualTo(tool().description());
        assertThat(tool().parameters()).containsEntry("type", "object").isEqualTo(tool().parameters());
    }

    /** The names of its arguments are in its schema. */
    @Test
    void parameters_nameTheArguments() {
        assertThat(tool().parameters().get("properties"))
                .isInstanceOfSatisfying(
                        Map.class,
                        properties -> assertThat(properties.keySet())
                                .containsAll(arguments().keySet()));
    }

    /** Else a run cannot be resumed bit by bit. */
    @Test
    void call_dependsOnItsArgumentsAlone() throws Exception {
        String first = tool().call(arguments());
        assertThat(first).isNotNull();
        assertThat(tool().call(arguments())).isEqualTo(first);
    }

    /** A model may write anything: what a tool cannot answer it says by an exception, or by a text. */
    @Test
    void call_withoutArguments_endsInATextOrAnException() {
        String text;
        try {
            text = tool().call(Map.of());
        } catch (Exception e) {
            text = String.valueOf(e.getMessage());
        }
        assertThat(text).isNotNull();
    }
}
