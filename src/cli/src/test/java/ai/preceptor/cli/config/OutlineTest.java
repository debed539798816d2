package ai.preceptor.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.preceptor.cli.yaml.References;
import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.setting.Key;
import ai.preceptor.data.setting.PathKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sections read one by one, and references in the place of paths. */
class OutlineTest {
    @TempDir
    Path directory;

    /** @param data a file */
    public record Part(
            @Key(help = "strength", defaultValue = "1", range = "[0, inf)")
            double beta,

            @Key(help = "rows", path = PathKind.FILE) @Nullable
            Path data,

            @Key(help = "model", path = PathKind.MODEL) @Nullable
            Path model) {}

    @Test
    void read_sectionOverDefaults_ownKeysWin() throws IOException {
        Outline outline = outline("beta: 3\nparts:\n  one: {}\n  two: {beta: 2}\n", "parts.three.beta=4");
        OutlineSection defaults = outline.root().only(List.of("beta"));
        List<Double> betas = outline.root().sections("parts").stream()
                .map(part ->
                        part.over(defaults).read(Part.class, References.NONE).beta())
                .toList();
        outline.throwIfAny();
        assertThat(betas).containsExactly(3.0, 2.0, 4.0);
    }

    @Test
    void read_wrongDefault_isToldOnceWithItsOwnPlace() throws IOException {
        Outline outline = outline("beta: lots\nparts:\n  one: {}\n  two: {}\n");
        outline.root()
                .sections("parts")
                .forEach(part -> part.over(outline.root().only(List.of("beta"))).read(Part.class, References.NONE));
        assertThat(told(outline))
                .containsExactly("%:1:7: parts.one.beta: expected a number in [0, inf), found \"lots\"");
    }

    @Test
    void read_problemsOfSections_haveTheirFullPath() throws IOException {
        Outline outline = outline("parts:\n  one: {beat: 1}\n  two: 3\n  three: {beta: -1}\n");
        outline.root().sections("parts").forEach(part -> part.read(Part.class, References.NONE));
        assertThat(told(outline))
                .containsExactlyInAnyOrder(
                        "%:2:9: parts.one.beat: unknown key, found 1; nearest known key is parts.one.beta",
                        "%:3:3: parts.two: expected a section with keys of its own, found 3",
                        "%:4:17: parts.three.beta: expected a number in [0, inf), found -1");
    }

    @Test
    void read_promisedPlaces_areCheckedByKindAndNotByDisk() throws IOException {
        References references = written -> switch (written) {
            case "the:file" -> new References.Place(Path.of("later.jsonl"), PathKind.FILE);
            case "the:model" -> new References.Place(Path.of("later"), PathKind.MODEL);
            case "the:missing" -> new References.Place(Path.of("nowhere"), null);
            case "the:moon" -> throw new UnknownReferenceException("expected something nearer");
            default -> null;
        };
        Outline good = outline("parts:\n  one: {data: 'the:file', model: 'the:model'}\n");
        Part part = good.root().sections("parts").get(0).read(Part.class, references);
        good.throwIfAny();
        assertThat(part.data()).isEqualTo(Path.of("later.jsonl"));
        assertThat(part.model()).isEqualTo(Path.of("later"));

        Outline bad = outline("parts:\n  one: {data: 'the:model', model: 'the:missing'}\n  two: {data: 'the:moon'}\n");
        bad.root().sections("parts").forEach(section -> section.read(Part.class, references));
        assertThat(told(bad))
                .containsExactly(
                        "%:2:15: parts.one.data: expected an existing file, found \"the:model\", which is a model"
                                + " directory (config.json inside, or an adapter) or a GGUF file",
                        "%:2:35: parts.one.model: expected a model directory (config.json inside, or an adapter) or a"
                                + " GGUF file, found \"the:missing\": it does not exist",
                        "%:3:15: parts.two.data: expected something nearer, found \"the:moon\"");
    }

    private Outline outline(String yaml, String... arguments) throws IOException {
        return Outline.read(Files.writeString(directory.resolve("c.yaml"), yaml), List.of(arguments));
    }

    private List<String> told(Outline outline) {
        String message = catchThrowableOfType(ConfigurationException.class, outline::throwIfAny)
                .getMessage();
        return message.replace(directory.resolve("c.yaml").toString(), "%")
                .lines()
                .toList();
    }
}
