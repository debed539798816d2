package ai.preceptor.cli.house;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.testkit.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code src/bom} lists what is published, in the versions that are built with. */
class BomTest {
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern OWN = Pattern.compile("<artifactId>(preceptor-[a-z]+)</artifactId>");
    private static final Pattern VERSION = Pattern.compile("<([a-z-]+\\.version)>([^<]+)</");
    private static final String UNPUBLISHED = "<maven.deploy.skip>true</maven.deploy.skip>";

    private final Path root = ProjectRoot.find();

    @Test
    void bom_listsEveryPublishedModule() throws IOException {
        Set<String> published = new TreeSet<>();
        modules(root, published);
        published.remove("preceptor-bom");
        assertThat(published).contains("preceptor-api", "preceptor-policy");
        String bom = Files.readString(root.resolve("src/bom/pom.xml"));
        Set<String> listed = new TreeSet<>();
        Matcher own = OWN.matcher(bom.substring(bom.indexOf("<dependencyManagement>")));
        while (own.find()) {
            listed.add(own.group(1));
        }
        assertThat(listed).as("modules in src/bom/pom.xml").isEqualTo(published);
    }

    @Test
    void bom_hasTheVersionsOfTheBuild() throws IOException {
        Map<String, String> built = versions(root.resolve("pom.xml"));
        Map<String, String> listed = versions(root.resolve("src/bom/pom.xml"));
        assertThat(listed).containsKey("pytorch.version");
        assertThat(built).containsAllEntriesOf(listed);
    }

    private static void modules(Path folder, Set<String> published) throws IOException {
        String pom = Files.readString(folder.resolve("pom.xml"));
        int profiles = pom.indexOf("<profiles>");
        Matcher module = MODULE.matcher(profiles < 0 ? pom : pom.substring(0, profiles));
        while (module.find()) {
            Path below = folder.resolve(module.group(1));
            modules(below, published);
            String text = Files.readString(below.resolve("pom.xml"));
            Matcher own = OWN.matcher(text);
            if (!text.contains(UNPUBLISHED) && own.find()) {
                published.add(own.group(1));
            }
        }
    }

    private static Map<String, String> versions(Path pom) throws IOException {
        Map<String, String> versions = new TreeMap<>();
        Matcher version = VERSION.matcher(Files.readString(pom));
        while (version.find()) {
            versions.put(version.group(1), version.group(2));
        }
        return versions;
    }
}
