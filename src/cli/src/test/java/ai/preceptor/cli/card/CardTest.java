package ai.preceptor.cli.card;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.cli.command.training.RankCommand;
import ai.preceptor.cli.keys.training.RankConfig;
import ai.preceptor.cli.report.DataRow;
import ai.preceptor.data.files.Sha256;
import ai.preceptor.data.rows.ReadReport;
import ai.preceptor.data.setting.KeyName;
import ai.preceptor.data.source.PathList;
import ai.preceptor.distill.DistillLossType;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.loss.PolicyLossType;
import ai.preceptor.ranking.RankLossType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** What cards say, and that nobody else's words become markup. */
class CardTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path home;

    private Path base;
    private Path rows;
    private Path model;

    @BeforeEach
    void files() throws IOException {
        base = Files.createDirectories(home.resolve("hub/models--org--base/snapshots/" + COMMIT));
        Files.writeString(base.resolve("config.json"), "{}");
        rows = Files.writeString(home.resolve("rows.jsonl"), "{\"prompt\": \"a\", \"completion\": \"b\"}\n");
        model = Files.createDirectories(home.resolve("run/model"));
    }

    private CardRun run(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("model=" + base, "data=" + rows, "output=" + home.resolve("run")));
        arguments.addAll(List.of(more));
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("train_loss", 0.5);
        figures.put("eval_loss", 0.75);
        figures.put("last_step", Map.of("loss", 1));
        DataRow row = new DataRow(rows.toString(), new ReadReport(3, 2, Map.of("tie", 1), List.of()));
        return new CardRun("rank", new RankCommand().read(null, arguments), List.of(row), figures);
    }

    private Map<?, ?> metadata(String card) {
        Object loaded = new Yaml().load(card.substring(4, card.indexOf("\n---\n", 4)));
        return (Map<?, ?>) loaded;
    }

    @Test
    void text_ofATrainedModel_hasWhatItCameFrom() throws IOException {
        Files.writeString(base.resolve("README.md"), "---\nlicense: apache-2.0\ntags: [x]\n---\n# Base\n");
        String card = new ModelCard(run("beta=0.2"), model).text();
        Map<?, ?> metadata = metadata(card);
        assertThat(metadata.get("base_model")).isEqualTo("org/base");
        assertThat(metadata.get("base_model_relation")).isEqualTo("finetune");
        assertThat(metadata.get("license")).isEqualTo("apache-2.0");
        assertThat(metadata.get("library_name")).isEqualTo("transformers");
        assertThat(metadata.get("tags")).isEqualTo(List.of("preceptor", "rank", "dpo"));
        assertThat(metadata.get("model-index").toString())
                .contains("eval_loss, value=0.75")
                .doesNotContain("train_loss");
        assertThat(card)
                .contains("Trained from org/base\\@" + COMMIT)
                .contains("| DPO | Rafailov et al. 2023 [arXiv:2305.18290](https://arxiv.org/abs/2305.18290) |")
                .contains("| rows.jsonl | 2 | `" + Sha256.of(rows) + "` |")
                .contains("| beta | 0.2 |")
                .contains("| train_loss | 0.5000 |")
                .doesNotContain(home.toString())
                .doesNotContain("| output")
                .doesNotContain("learning_rate");
    }

    /** What stands in its place is nobody's published method. */
    @Test
    void methods_ofAKeyThatAnOwnPartReplaces_areNotNamed() throws IOException {
        Path own = Files.writeString(home.resolve("Own.java"), """
                public final class Own implements ai.preceptor.ranking.pair.PairLoss {
                    @Override
                    public String name() {
                        return "own";
                    }

                    @Override
                    public boolean needsReference() {
                        return false;
                    }

                    @Override
                    public java.util.List<ai.preceptor.ranking.pair.PairTerm> terms(
                            java.util.List<ai.preceptor.ranking.pair.AnswerPair> pairs) {
                        return java.util.List.of();
                    }
                }
                """);
        CardRun run = run("loss=" + own);
        String card = new ModelCard(run, model).text();
        assertThat(metadata(card).get("tags")).isEqualTo(List.of("preceptor", "rank"));
        assertThat(card).doesNotContain("## Method", "DPO").contains("| loss | Own.java |");
        Map<String, Object> keys = new LinkedHashMap<>(Map.of("algorithm", "grpo", "loss_type", "dapo"));
        keys.put("advantages", "Own.java");
        assertThat(Citations.read().of("policy", keys))
                .extracting(Citations.Method::tag)
                .containsExactly("dapo");
        keys.put("loss_type", "clipped");
        assertThat(Citations.read().of("policy", keys)).isEmpty();
    }

    @Test
    void text_ofSeveralDataSets_namesAll() throws IOException {
        List<String> files = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            Path snapshot =
                    Files.createDirectories(home.resolve("hub/datasets--org--" + name + "/snapshots/" + COMMIT));
            files.add(Files.copy(rows, snapshot.resolve("train.jsonl")).toString());
        }
        files.add(rows.toString());
        rows = Path.of(PathList.of(files));
        CardRun run = run();
        assertThat(run.datasets()).containsExactly("org/a", "org/b");
        assertThat(run.files().get(0).get(0))
                .isEqualTo(Markdown.escaped("org/a@" + COMMIT + ", org/b@" + COMMIT + ", rows.jsonl"));
    }

    @Test
    void text_ofAnAdapter_isForPeft() throws IOException {
        Files.writeString(
                model.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": 4, \"target_modules\": [\"q_proj\"]}");
        String card = new ModelCard(run(), model).text();
        assertThat(metadata(card).get("library_name")).isEqualTo("peft");
        assertThat(metadata(card).get("base_model_relation")).isEqualTo("adapter");
        assertThat(card).contains("AutoPeftModelForCausalLM");
    }

    @Test
    void text_withoutALicenseOrKnownBase_claimsNone() throws IOException {
        base = Files.createDirectories(home.resolve("plain"));
        Files.writeString(base.resolve("config.json"), "{}");
        Files.writeString(base.resolve("README.md"), "---\nlicense: !!java.net.URL [\"http://x\"]\n---\n");
        Map<?, ?> metadata = metadata(new ModelCard(run(), model).text());
        assertThat(metadata.containsKey("license")).isFalse();
        assertThat(metadata.containsKey("base_model")).isFalse();
    }

    @Test
    void text_ofAHostileBase_takesNoMarkup() throws IOException {
        Files.writeString(base.resolve("README.md"), "---\nlicense: \"mit\\n---\\n<script>\"\nlicense_name: x\n---\n");
        rows = Files.writeString(home.resolve("a|b`](http:x)<img src=x>\n---\n# t.jsonl"), Files.readString(rows));
        String card = new ModelCard(run(), model).text();
        assertThat(metadata(card).containsKey("license")).isFalse();
        assertThat(card)
                .doesNotContain("<img")
                .doesNotContain("\n# t")
                .doesNotContain("](http:x)")
                .contains("a\\|b\\`\\]\\(http\\:x\\)&lt;img src=x&gt; --- \\# t\\.jsonl");
        assertThat(card.split("\n---\n", -1)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "plain-name_1.jsonl, plain-name_1.jsonl",
        "_a_, \\_a\\_",
        "a*b, a\\*b",
        "&lt;, &amp;lt;",
        "http://x.y, http\\://x.y"
    })
    void escaped_foreignText_looksAsItIs(String written, String expected) {
        assertThat(Markdown.escaped(written).replace("\\.", ".")).isEqualTo(expected);
    }

    @Test
    void write_aCardOfSomebodyElse_isKept() throws IOException {
        ModelCard card = new ModelCard(run(), model);
        assertThat(card.write()).isTrue();
        String ours = Files.readString(model.resolve("README.md"));
        assertThat(new ModelCard(run("beta=0.3"), model).write()).isTrue();
        assertThat(Files.readString(model.resolve("README.md")))
                .contains("| beta | 0.3 |")
                .isNotEqualTo(ours);
        String changed = ours.replace("Language model", "My model");
        Files.writeString(model.resolve("README.md"), changed);
        assertThat(card.write()).isFalse();
        assertThat(model.resolve("README.md")).hasContent(changed);
    }

    @Test
    void write_rows_namesThoseThatThereAre() throws IOException {
        Path directory = Files.createDirectories(home.resolve("elicited"));
        Files.writeString(directory.resolve("preferences.jsonl"), "{}\n");
        Files.writeString(directory.resolve("preferences.parquet"), "a copy");
        Files.writeString(directory.resolve("demonstrations.jsonl"), "");
        CardRun run = run();
        assertThat(new DatasetCard(run, directory, List.of("preferences.jsonl", "ranked.jsonl", "demonstrations.jsonl"))
                        .write())
                .isTrue();
        String card = Files.readString(directory.resolve("README.md"));
        assertThat(metadata(card).get("configs").toString())
                .isEqualTo(
                        "[{config_name=preferences, data_files=[{split=train, path=preferences.jsonl}], default=true}]");
    }

    @Test
    void methods_allChoices_haveASource() {
        Citations citations = Citations.read();
        Map<String, Enum<?>[]> choices = Map.of(
                "rank", RankLossType.values(),
                "distill", DistillLossType.values(),
                "policy", PolicyAlgorithm.values());
        choices.forEach((command, values) -> {
            for (Enum<?> value : values) {
                assertThat(citations.methods()).containsKey(command + "." + KeyName.of(value));
            }
        });
        for (PolicyLossType value : PolicyLossType.values()) {
            assertThat(citations.methods()).containsKey("policy." + KeyName.of(value));
        }
        assertThat(citations.of("sft", Map.of()))
                .extracting(Citations.Method::name)
                .containsExactly("Supervised fine-tuning");
    }

    @Test
    void settings_secretsAndPlaces_areNotAmongThem() {
        RankConfig keys =
                new RankCommand().read(null, List.of("model=" + base, "data=" + rows, "output=" + home.resolve("run")));
        CardRun run = new CardRun("rank", keys, List.of(), Map.of());
        assertThat(run.settings()).extracting(row -> row.get(0)).containsExactlyInAnyOrder("model", "data");
    }
}
