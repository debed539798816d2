package ai.preceptor.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.cli.yaml.UnknownReferenceException;
import ai.preceptor.quickstart.EmbeddedModels;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedReferencesTest {
    @TempDir
    Path cache;

    @Test
    void find_configuredPath_isAPlaceOnDisk() throws UnknownReferenceException {
        EmbeddedReferences references = new EmbeddedReferences(new EmbeddedModels(cache));
        assertThat(references.find("models/mine")).isNull();
        assertThat(references.find("embedded:teacher"))
                .isNotNull()
                .satisfies(place -> assertThat(place.path()).isDirectory());
        assertThatThrownBy(() -> references.find("embedded:tutor"))
                .isInstanceOf(UnknownReferenceException.class)
                .hasMessageContaining("embedded:teacher");
    }
}
