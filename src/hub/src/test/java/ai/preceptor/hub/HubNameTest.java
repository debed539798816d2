package ai.preceptor.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the name of a repository, and what is not. */
class HubNameTest {
    @ParameterizedTest
    @CsvSource({
        "org/name, org/name, main,,",
        "HuggingFaceTB/SmolLM2-135M-Instruct, HuggingFaceTB/SmolLM2-135M-Instruct, main,,",
        "org/name@v1.0, org/name, v1.0,,",
        "org/name@refs/pr/3, org/name, refs/pr/3,,",
        "org/name/q4.gguf, org/name, main, q4.gguf,",
        "org/name/sub/q4.gguf@dev, org/name, dev, sub/q4.gguf,",
        "hf://org/name, org/name, main,,",
        "hf://models/org/name@v2, org/name, v2,,"
    })
    void parse_names(String written, String repo, String revision, String path, String split) {
        assertThat(HubName.parse(RepoKind.MODEL, written))
                .contains(new HubName(RepoKind.MODEL, repo, revision, path, split));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "/org/name",
                "./name",
                "../name",
                "org/..",
                "org/name/",
                "org//name",
                "org/na me",
                "~/name",
                "org/name@",
                "org/name@../x",
                "org/name@a//b",
                "org/name:train",
                "org/name/sub",
                "org/prompts.jsonl",
                "org/q4.gguf",
                "org/a--b",
                "org/a..b",
                "org/name.git",
                "-org/name",
                "org/name/../x",
                "hf://name",
                "org\\name",
                "C:/name",
                "org/name@a b",
                ""
            })
    void parse_others_areNone(String written) {
        assertThat(HubName.parse(RepoKind.MODEL, written)).isEmpty();
    }

    @Test
    void parse_dataSets_mayHaveASplit() {
        assertThat(HubName.parse(RepoKind.DATASET, "org/name@v1:test"))
                .contains(new HubName(RepoKind.DATASET, "org/name", "v1", null, "test"));
        assertThat(HubName.parse(RepoKind.DATASET, "org/name/en:test"))
                .contains(new HubName(RepoKind.DATASET, "org/name", "main", "en", "test"));
        assertThat(HubName.parse(RepoKind.MODEL, "hf://datasets/org/name"))
                .contains(new HubName(RepoKind.DATASET, "org/name", "main", null, null));
    }

    @Test
    void toString_isReadAgain() {
        for (String written : new String[] {"org/name", "org/name@v1:test", "org/name/en/a.jsonl@v1", "org/name:dev"}) {
            assertThat(HubName.parse(RepoKind.DATASET, written))
                    .map(HubName::toString)
                    .contains(written);
        }
    }

    @Test
    void origin_ofAPathInACache_isItsCommit() {
        String commit = LoopbackHub.COMMIT;
        String file = "/c/hub/models--org--a-b/snapshots/" + commit + "/x.gguf";
        assertThat(HubSnapshot.origin(file)).contains("org/a-b@" + commit);
        assertThat(HubSnapshot.origin("/runs/dpo/model")).isEmpty();
    }

    @Test
    void origins_ofAList_areThoseOfAllItsPaths() {
        String one = LoopbackHub.COMMIT;
        String other = "f".repeat(40);
        String list = "data: \"{/c/hub/datasets--org--a/snapshots/" + one + "/data/train-*.parquet,/rows.jsonl,"
                + "/c/hub/datasets--org--b-c/snapshots/" + other + ",/c/hub/models--org--a/snapshots/" + other + "}\"";
        assertThat(HubSnapshot.origins(list))
                .containsExactly(
                        new HubName(RepoKind.DATASET, "org/a", one, null, null),
                        new HubName(RepoKind.DATASET, "org/b-c", other, null, null),
                        new HubName(RepoKind.MODEL, "org/a", other, null, null));
        assertThat(HubSnapshot.origins("/runs/dpo/model")).isEmpty();
    }
}
