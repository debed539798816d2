package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Tests run without C2, but for those of two modules and those with a tag; without the tag, one that needs C2 is skipped, or fails. */
class StepsInJavaTest {
    private static final List<String> WITH_C2 = List.of("src/vector/", "src/lm/");

    /** What says so, or takes a value that is refused without C2. */
    private static final Pattern NEEDS = Pattern.compile("StepsInJava\\.assumePossible\\(\\)|\"rollout_[d]type=");

    @Test
    void classThatNeedsSteps_isTagged() throws IOException {
        SourceTree tests = SourceTree.of("test");
        List<String> needing = new ArrayList<>();
        List<String> tagged = new ArrayList<>();
        for (Path file : tests.files()) {
            String name = tests.name(file);
            String source = Files.readString(file);
            if (WITH_C2.stream().noneMatch(name::startsWith)
                    && NEEDS.matcher(source).find()) {
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
