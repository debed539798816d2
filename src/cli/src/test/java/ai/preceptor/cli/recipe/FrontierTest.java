package ai.preceptor.cli.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.preceptor.cli.chart.Curve;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.training.SftConfig;
import ai.preceptor.cli.report.Figure;
import ai.preceptor.cli.report.MethodResult;
import ai.preceptor.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontierTest {
    @TempDir
    Path directory;

    @Test
    void ends_methodsWithRewardAndDivergence_areDrawn() {
        Curve curve = new Frontier()
                .ends(List.of(result("start", 0.1, 0.0), result("dpo", 0.5, 2.0), result("unknown", 0.3, null)))
                .curve();
        assertThat(curve.lines()).extracting(Curve.Line::name).containsExactly("start", "dpo");
        assertThat(curve.lines().get(1).points()).containsExactly(new Curve.Point(2.0, 0.5));
    }

    @Test
    void way_manySteps_isAFewMeans() throws IOException {
        String metrics = IntStream.rangeClosed(1, 24)
                .mapToObj(step ->
                        "{\"step\": " + step + ", \"reward\": " + step + ", \"objective/kl\": " + 2 * step + "}")
                .collect(Collectors.joining("\n", "", "\n"));
        Files.writeString(directory.resolve("metrics.jsonl"), metrics);
        Curve curve = new Frontier().way("rloo", List.of(stage("rloo"))).curve();
        assertThat(curve.lines()).extracting(Curve.Line::name).containsExactly("rloo while training");
        List<Curve.Point> points = curve.lines().get(0).points();
        assertThat(points).hasSize(12);
        assertThat(points.get(0).y()).isEqualTo(1.5, within(1e-12));
        assertThat(points.get(11).x()).isEqualTo(47, within(1e-12));
    }

    @Test
    void way_stageWithoutRewards_isLeftOut() throws IOException {
        Files.writeString(directory.resolve("metrics.jsonl"), "{\"step\": 1, \"loss\": 2}\n");
        assertThat(new Frontier().way("sft", List.of(stage("sft"))).curve().lines())
                .isEmpty();
    }

    private RecipeStage<?> stage(String name) {
        StageKind<SftConfig> kind = new StageKind<>("sft", SftConfig.class, (keys, terminal) -> {}, true, List.of());
        SftConfig keys = Settings.of(SftConfig.class)
                .with("model", Golden.dir("tiny-chat"))
                .with("data", Golden.file("pairs.jsonl"))
                .read();
        return new RecipeStage<>(new StageName(name, 0), kind, keys, directory, Map.of(), Set.of());
    }

    private static MethodResult result(String method, double reward, @Nullable Double kl) {
        Map<String, Figure> figures = new HashMap<>(Map.of("reward", new Figure(reward, null, "")));
        if (kl != null) {
            figures.put("kl_to_reference", new Figure(kl, null, ""));
        }
        return new MethodResult(method, null, null, figures);
    }
}
