package ai.preceptor.data.rows;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.preceptor.data.DataException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message names file, line, key, what was found and what is legal. */
class BadRowsTest {
    @TempDir
    Path dir;

    private void check(String line, String message, Function<Path, ?> read) {
        Path file = Rows.file(dir, "", line);
        assertThatThrownBy(() -> read.apply(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ":2: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @MethodSource
    void preferences_badRow_isRefused(String line, String message) {
        check(line, message, file -> Datasets.preferences(file, 0, OnBadRow.FAIL));
    }

    static Stream<Arguments> preferences_badRow_isRefused() {
        String user = "[{\"role\": \"user\", \"content\": \"q\"}]";
        return Stream.of(
                arguments(
                        "{\"chosen\": 3, \"rejected\": \"b\"}",
                        "key \"chosen\": expected string or list of messages, found number 3"),
                arguments(
                        "{\"chosen\": null, \"rejected\": \"b\"}",
                        "key \"chosen\": expected string or list of messages, found null"),
                arguments("{\"chosen\": {\"a\": 1}, \"rejected\": \"b\"}", "found an object with the keys [a]"),
                arguments(
                        "{\"choosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"chosen\": missing; the row has the keys [choosen, rejected]"),
                arguments(
                        "{\"chosen\": \"a\", \"rejected\": \"b\"}",
                        "expected a shared beginning, the prompt, found none; add a key \"prompt\""),
                arguments("{\"chosen\": \" a\", \"rejected\": \" b\"}", "expected a shared beginning"),
                arguments("{\"chosen\": \"a\", \"rejected\": " + user + "}", "found one of each"),
                arguments(
                        "{\"prompt\": \"\", \"chosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"prompt\": expected a prompt that asks something, found string \"\""),
                arguments(
                        "{\"prompt\": [], \"chosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"prompt\": expected a prompt that asks something, found an empty list"),
                arguments(
                        "{\"prompt\": true, \"chosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"prompt\": expected string or list of messages, found boolean true"),
                arguments(
                        "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": " + user + "}",
                        "key \"rejected\": expected string, as the prompt is one, found a list of 1 messages"),
                arguments(
                        "{\"prompt\": [\"q\"], \"chosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"prompt[0]\": expected a message with the keys role and content, found string \"q\""),
                arguments(
                        "{\"prompt\": [{\"from\": \"human\", \"value\": \"q\"}], \"chosen\": \"a\", \"rejected\":"
                                + " \"b\"}",
                        "found an object with the keys [from, value]"),
                arguments(
                        "{\"prompt\": [{\"role\": \"\", \"content\": \"q\"}], \"chosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"prompt[0].role\": expected a name such as user or assistant, found string \"\""),
                arguments(
                        "{\"prompt\": [{\"role\": \"user\"}], \"chosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"prompt[0].content\": expected string or list of parts, found nothing"),
                arguments(
                        "{\"prompt\": [{\"role\": \"user\", \"content\": 1}], \"chosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"prompt[0].content\": expected string or list of parts, found number 1"),
                arguments(
                        "{\"prompt\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\"}]}], \"chosen\": \"a\","
                                + " \"rejected\": \"b\"}",
                        "key \"prompt[0].content[0]\": expected a part such as {\"type\": \"text\", \"text\": ...},"
                                + " found {\"type\":\"text\"}"),
                arguments(
                        "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\", \"margin\": \"1\"}",
                        "key \"margin\": expected a finite number, found string \"1\""),
                arguments(
                        "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\", \"margin\": 1e999}",
                        "key \"margin\": expected a finite number, found number"),
                arguments(
                        "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\", \"chosen_probability\": 1.5}",
                        "key \"chosen_probability\": expected a number in [0, 1], found number 1.5"),
                arguments(
                        "{\"prompt\": \"p\\ud800\", \"chosen\": \"a\", \"rejected\": \"b\"}",
                        "key \"prompt\": expected valid Unicode, found half a surrogate pair (\\ud800) at character 1"),
                arguments(
                        "{\"prompt\": \"p\", \"prompt\": \"q\", \"chosen\": \"a\", \"rejected\": \"b\"}", "Duplicate"),
                arguments(
                        "{\"prompt\": \"p\", \"chosen\": \"a\", \"rejected\": \"b\"} {}",
                        "expected one JSON object per line"),
                arguments(
                        "{\"prompt\": \"p\",",
                        "expected one JSON object per line, found \"{\\\"prompt".replace("\\", "")),
                arguments(
                        "prompt,chosen,rejected",
                        "expected one JSON object per line, found \"prompt,chosen,rejected\""),
                arguments("\"text\"", "expected one JSON object per line, found string \"text\""),
                arguments("[1]", "expected one JSON object per line, found a list of 1"));
    }

    @ParameterizedTest
    @MethodSource
    void rankedGroups_badRow_isRefused(String line, String message) {
        check(line, message, file -> Datasets.rankedGroups(file, 0, OnBadRow.FAIL));
    }

    static Stream<Arguments> rankedGroups_badRow_isRefused() {
        return Stream.of(
                arguments("{\"responses\": [\"a\", \"b\"], \"scores\": [1, 0]}", "key \"prompt\": missing"),
                arguments(
                        "{\"prompt\": \"p\", \"responses\": \"a\", \"scores\": [1, 0]}",
                        "key \"responses\": expected list of answers, found string \"a\""),
                arguments(
                        "{\"prompt\": \"p\", \"responses\": [\"a\"], \"scores\": [1]}",
                        "key \"responses\": expected a list of at least 2, found a list of 1"),
                arguments(
                        "{\"prompt\": \"p\", \"responses\": [\"a\", 2], \"scores\": [1, 0]}",
                        "key \"responses[1]\": expected string or list of messages, found number 2"),
                arguments(
                        "{\"prompt\": \"p\", \"responses\": [\"a\", \"b\"], \"scores\": [1]}",
                        "key \"scores\": expected one per response (2), found a list of 1"),
                arguments(
                        "{\"prompt\": \"p\", \"responses\": [\"a\", \"b\"], \"scores\": [1, null]}",
                        "key \"scores[1]\": expected a finite number, found null"),
                arguments("{\"prompt\": \"p\", \"responses\": [\"a\", \"b\"]}", "key \"scores\": missing"));
    }

    @ParameterizedTest
    @MethodSource
    void demonstrations_badRow_isRefused(String line, String message) {
        check(line, message, file -> Datasets.demonstrations(file, 0, OnBadRow.FAIL));
    }

    static Stream<Arguments> demonstrations_badRow_isRefused() {
        return Stream.of(
                arguments(
                        "{\"prompt\": \"p\", \"chosen\": \"a\"}",
                        "expected the keys prompt and completion, or messages; the row has the keys [prompt, chosen]"),
                arguments("{\"messages\": []}", "key \"messages\": expected list of messages, found an empty list"),
                arguments("{\"messages\": \"hi\"}", "key \"messages\": expected list of messages, found string \"hi\""),
                arguments(
                        "{\"prompt\": \" \", \"completion\": \"a\"}",
                        "key \"prompt\": expected a prompt that asks something"));
    }

    @ParameterizedTest
    @MethodSource
    void unpaired_badRow_isRefused(String line, String message) {
        check(line, message, file -> Datasets.unpaired(file, 0, OnBadRow.FAIL));
    }

    static Stream<Arguments> unpaired_badRow_isRefused() {
        return Stream.of(
                arguments("{\"prompt\": \"p\", \"completion\": \"a\"}", "key \"label\": missing"),
                arguments(
                        "{\"prompt\": \"p\", \"completion\": \"a\", \"label\": 2}",
                        "key \"label\": expected true or false, found number 2"),
                arguments(
                        "{\"prompt\": \"p\", \"completion\": \"a\", \"label\": \"true\"}",
                        "key \"label\": expected true or false, found string \"true\""));
    }

    @ParameterizedTest
    @MethodSource
    void prompts_badRow_isRefused(String line, String message) {
        check(line, message, file -> Datasets.prompts(file, 0, OnBadRow.FAIL));
    }

    static Stream<Arguments> prompts_badRow_isRefused() {
        return Stream.of(
                arguments("{\"text\": \"p\"}", "key \"prompt\": missing; the row has the keys [text]"),
                arguments(
                        "{\"prompt\": \"\\n\"}",
                        "key \"prompt\": expected a prompt that asks something, found string \"\\n\""),
                arguments("{\"chosen\": \"a\", \"rejected\": \"a\"}", "expected a shared beginning"));
    }
}
