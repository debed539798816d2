package ai.preceptor.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.tool.Tool;
import ai.preceptor.data.tool.ToolContract;
import ai.preceptor.testkit.ProjectRoot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example of a tool, compiled as a user's own. */
class CalculatorTest extends ToolContract {
    private static OpenPart part;

    @BeforeAll
    static void compile() throws PluginException {
        Path source = ProjectRoot.find().resolve("configs/skills/Calculator.java");
        part = new PartReader(List.of(Tool.class))
                .read(source.toString(), List.of())
                .open();
    }

    @AfterAll
    static void close() {
        part.close();
    }

    @Override
    protected Tool tool() {
        return part.require(Tool.class);
    }

    @Override
    protected Map<String, @Nullable Object> arguments() {
        return Map.of("expression", "(2 + 3) * 4");
    }

    @ParameterizedTest
    @CsvSource({"(2 + 3) * 4, 20", "7 - 2 - 1, 4", "-3 * -(1 - 5), -12", "10 / 4, 2.5", "0.1 + 0.2, 0.3", "12, 12"})
    void call_evaluates(String expression, String value) throws Exception {
        assertThat(tool().call(Map.of("expression", expression))).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"2 +", "(2", "2 3)", "1 / 0", "x", "2 ** 3"})
    void call_ofWhatIsNoArithmetic_throws(String expression) {
        assertThatThrownBy(() -> tool().call(Map.of("expression", expression))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void call_ofAVeryLongExpression_throws() {
        assertThatThrownBy(() -> tool().call(Map.of("expression", "(".repeat(201))))
                .hasMessageContaining("up to 200 characters");
    }
}
