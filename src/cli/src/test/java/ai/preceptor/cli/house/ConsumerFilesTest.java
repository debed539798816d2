package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/library.md prints for a build is what {@code .ci/library} builds. */
class ConsumerFilesTest {
    private final Path root = ProjectRoot.find();

    @ParameterizedTest
    @CsvSource({"xml, maven/pom.xml", "groovy, gradle/build.gradle"})
    void printedFile_isTheOneThatIsBuilt(String language, String file) throws IOException {
        Matcher block = Pattern.compile("```" + language + "\n(.*?)\n```", Pattern.DOTALL)
                .matcher(Files.readString(root.resolve("docs/library.md")));
        assertThat(block.find()).as("block in " + language).isTrue();
        List<String> built =
                lines(Files.readString(root.resolve(".ci/consumers").resolve(file)));
        assertThat(built).containsSubsequence(lines(block.group(1)));
        assertThat(block.find()).as("a second block in " + language).isFalse();
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
