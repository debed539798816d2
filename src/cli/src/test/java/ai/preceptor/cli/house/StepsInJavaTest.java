package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests run without C2, but for those of two modules and those with a tag; without the tag, one that needs C2 is skipped. */
class StepsInJavaTest {
    private static final List<String> WITH_C2 = List.of("src/vector/", "src/lm/");

    @Test
    void classThatNeedsSteps_isTagged() throws IOException {
        SourceTree tests = SourceTree.of("test");
        List<String> needing = new ArrayList<>();
        List<String> tagged = new ArrayList<>();
        for (Path file : tests.files()) {
            String name = tests.name(file);
            String source = Files.readString(file);
            if (WITH_C2.stream().noneMatch(name::startsWith) && source.contains("StepsInJava.assume" + "Possible()")) {
                needing.add(name);
                if (source.contains("\n@Tag(\"steps-in-java\")\nclass ")) {
                    tagged.add(name);
                }
            }
        }
        assertThat(needing).isNotEmpty();
        assertThat(tagged).isEqualTo(needing).allMatch(name -> name.startsWith("src/cli/"));
    }
}
