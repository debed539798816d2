package ai.preceptor.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.report.Chapter;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.cli.report.SampleRow;
import ai.preceptor.cli.report.SampleRow.MethodAnswer;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedTest {
    @Test
    void lines_results_standInColumns() throws IOException {
        Chapter table = MethodResult.chapter(List.of(
                result("{'method': 'start', 'reward': -0.1234, 'kl_to_reference': 0, 'completions/mean_length': 20,"
                        + " 'rule_score': 0.5}"),
                result("{'method': 'policy (rloo)', 'win_rate': 0.845, 'win_rate_low': 0.77, 'win_rate_high': 0.9,"
                        + " 'judge/disagreement': 0.125, 'reward': 1.5, 'kl_to_reference': 2.25,"
                        + " 'completions/mean_length': 24.5, 'rule_score': 0.6, 'seconds': 31.2}")));
        assertThat(TextTable.lines(table.header(), table.rows()))
                .containsExactly(
                        "method         win rate  95 % interval  turned  reward     KL  length  rule score  seconds",
                        "------------------------------------------------------------------------------------------",
                        "start                 -              -       -  -0.123  0.000    20.0       0.500        -",
                        "policy (rloo)    84.5 %   77.0 to 90.0  12.5 %   1.500  2.250    24.5       0.600     31.2");
    }

    private static MethodResult result(String row) throws IOException {
        return MethodResult.ofRow(new ObjectMapper().readTree(row.replace('\'', '"')));
    }

    @Test
    void row_wrongNumberOfCells_isRefused() {
        assertThatThrownBy(() -> TextTable.lines(List.of("a", "b"), List.of(List.of("1"))))
                .hasMessage("row: 1 cells, must be 2");
    }

    @Test
    void print_samples_showsControlCharactersInsteadOfObeyingThem() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        String attack = "red \u001b[31m text\nsecond";
        new SamplePrinter(new Terminal(stream, stream, false, 80))
                .print(List.of(new SampleRow("Why?", List.of(new MethodAnswer("start", attack)))));
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("", "  prompt:", "    Why?", "  start:", "    red \\u001b[31m text", "    second");
    }

    @Test
    void lines_longText_isWrappedAtSpacesAndCut() {
        assertThat(new Wrapped("one two three four five", 9, 5).lines())
                .containsExactly("one two", "three", "four five");
        assertThat(new Wrapped("one two three four five", 9, 2).lines())
                .containsExactly("one two", "three", "(1 more lines)");
        assertThat(new Wrapped("abcdefghij", 4, 9).lines()).containsExactly("abcd", "efgh", "ij");
        assertThat(new Wrapped("", 4, 9).lines()).containsExactly("");
    }
}
