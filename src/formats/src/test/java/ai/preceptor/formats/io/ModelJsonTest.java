package ai.preceptor.formats.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.DataException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelJsonTest {
    @TempDir
    Path directory;

    @Test
    void write_thenRead_isTheSame() throws IOException {
        Path file = Files.writeString(
                directory.resolve("a.json"),
                "{\"z\": 1000000000000000019884624838656, \"a\": 1e-05, \"n\": NaN, \"i\": -Infinity, \"e\": {}, \"l\": []}");
        ObjectNode read = ModelJson.read(file);
        Path copy = directory.resolve("b.json");
        ModelJson.write(copy, read);
        assertThat(copy).hasContent("""
                        {
                          "z": 1000000000000000019884624838656,
                          "a": 1.0E-5,
                          "n": NaN,
                          "i": -Infinity,
                          "e": {},
                          "l": []
                        }
                        """);
        assertThat(ModelJson.read(copy)).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1] | expected a JSON object, found a list [1]",
                "3 | expected a JSON object, found number 3",
                "{\"a\": 1, \"a\": 2} | Duplicate field 'a'",
                "{\"a\": 1} {} | not valid JSON",
                "{\"a\": | not valid JSON",
                "'' | expected a JSON object, found an empty file"
            })
    void read_anythingButOneObject_isRefusedByName(String text, String problem) throws IOException {
        Path file = Files.writeString(directory.resolve("x.json"), text);
        assertThatThrownBy(() -> ModelJson.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void read_notUtf8_isRefusedByName() throws IOException {
        Path file = Files.write(directory.resolve("x.json"), new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        assertThatThrownBy(() -> ModelJson.read(file))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": cannot be read");
    }
}
