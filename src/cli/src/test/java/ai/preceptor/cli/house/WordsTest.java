package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Texts that users read are in standard terms: phrases that once were not, in string literals of Java and of the page. */
class WordsTest {
    /** With what to write instead. */
    private static final List<String> FORBIDDEN =
            List.of(
                    "\\bgoes on\\b|\\bgo on with\\b", // continues
                    "\\bin hand\\b", // current
                    "\\bwithout a word\\b", // without a message
                    "\\bhas told\\b", // has reported
                    "\\bstill reads?\\b", // has left
                    "\\bbeside\\b", // with, next to, in addition to, required by
                    "\\bwith it[,;] found none\\b", // requires
                    "\\b(?<!there )(?:is|are) no (?:rows|file|jar|model|part|matrix|object|result|address|database)\\b", // is not a
                    "\\b(?:is|are) no (?:valid )?(?:JSON|UTF-8)\\b"); // is not JSON

    /** Comments and literals of Java and JavaScript, so that what looks like one in the other is not one. */
    private static final Pattern TOKENS = Pattern.compile(
            "//[^\\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|(\"(?:[^\"\\\\\\n]|\\\\.)*+\")|('(?:[^'\\\\\\n]|\\\\.)*+')|(`[^`]*+`)",
            Pattern.DOTALL);

    private static final Pattern JOIN = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern WORDS = Pattern.compile(String.join("|", FORBIDDEN));

    @Test
    void literals_areInStandardTerms() throws IOException {
        SourceTree java = SourceTree.of("main");
        List<Path> files = new ArrayList<>(java.files());
        List<Path> scripts = scripts();
        files.addAll(scripts);
        assertThat(scripts).as("scripts of the page").hasSizeGreaterThan(10);
        List<String> found = new ArrayList<>();
        int literals = 0;
        for (Path file : files) {
            Matcher token = TOKENS.matcher(JOIN.matcher(Files.readString(file)).replaceAll(""));
            while (token.find()) {
                boolean literal = token.group(1) != null || token.group(2) != null || token.group(3) != null;
                literals += literal ? 1 : 0;
                if (literal && WORDS.matcher(token.group()).find()) {
                    found.add(java.name(file) + ": " + token.group());
                }
            }
        }
        assertThat(literals).as("literals that were read").isGreaterThan(10_000);
        assertThat(found).isEmpty();
    }

    @Test
    void words_areFoundInALiteral_notInAComment() {
        assertThat(WORDS.matcher("the run goes on").find()).isTrue();
        assertThat(WORDS.matcher("there is no file").find()).isFalse();
        assertThat(WORDS.matcher("it is no file").find()).isTrue();
        Matcher token = TOKENS.matcher("f(\"http://x\"); // it's \"beside\"\n g('beside');");
        assertThat(token.results().filter(one -> one.group(1) != null || one.group(2) != null))
                .extracting(one -> one.group())
                .containsExactly("\"http://x\"", "'beside'");
    }

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> walk = Files.walk(ProjectRoot.find().resolve("src/dashboard/src/main/resources"))) {
            return walk.filter(file -> file.toString().endsWith(".js")).toList();
        }
    }
}
