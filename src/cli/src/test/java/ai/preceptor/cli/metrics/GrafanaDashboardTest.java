package ai.preceptor.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import ai.preceptor.PolicyContext;
import ai.preceptor.PolicyOptions;
import ai.preceptor.Preceptor;
import ai.preceptor.Student;
import ai.preceptor.cli.config.Settings;
import ai.preceptor.cli.keys.watch.MeterKeys;
import ai.preceptor.data.Answer;
import ai.preceptor.data.Prompt;
import ai.preceptor.data.Score;
import ai.preceptor.data.Scorer;
import ai.preceptor.data.rows.Datasets;
import ai.preceptor.data.rows.OnBadRow;
import ai.preceptor.lm.LoadOptions;
import ai.preceptor.lm.weights.Precision;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.teacher.served.ServedTeacherSettings;
import ai.preceptor.teacher.served.client.ServedTeacher;
import ai.preceptor.testkit.Golden;
import ai.preceptor.train.Interrupt;
import ai.preceptor.train.LoopSetting;
import ai.preceptor.train.TrainConfig;
import ai.preceptor.train.run.RunStore;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/grafana/preceptor.json asks for is what a run's {@code /metrics} has. */
class GrafanaDashboardTest {
    private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(=~|=)\"([^\"]*)\"");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)\\{(.*)} [^ ]+");

    /** Machines of the build have no GPU. */
    private static final Set<String> ELSEWHERE = Set.of("gpu_memory_used_bytes");

    /** Scores by length, and keeps what is served at that time. */
    private static final class Scraping implements Scorer {
        private final PrometheusMeterRegistry registry;
        private String scraped = "";

        Scraping(PrometheusMeterRegistry registry) {
            this.registry = registry;
        }

        @Override
        public String name() {
            return "length";
        }

        @Override
        public List<Score> score(List<Answer> answers) {
            scraped = registry.scrape();
            return answers.stream()
                    .map(answer -> Score.of(answer.text().asString().length()))
                    .toList();
        }
    }

    @Test
    void panels_askForMetricsAndLabelsThatAreServed() throws IOException {
        String served = servedByARun();
        assertThat(served.lines().filter(line -> line.startsWith("# HELP") && line.split(" ").length < 4))
                .as("metrics without a description")
                .isEmpty();
        Map<String, Set<String>> labels = new TreeMap<>();
        Set<String> names = new TreeSet<>();
        served.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Matcher label = LABEL.matcher(sample.group(2));
            Set<String> ofName = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
            while (label.find()) {
                ofName.add(label.group(1));
                if (sample.group(1).equals("preceptor_metric") && label.group(1).equals("name")) {
                    names.add(label.group(3));
                }
            }
        });
        assertThat(labels).allSatisfy((name, has) -> assertThat(has).as(name).contains("run", "command"));
        Set<String> asked = new TreeSet<>();
        for (String expression : expressions()) {
            Matcher selector = SELECTOR.matcher(expression);
            assertThat(selector.reset().find()).as(expression).isTrue();
            selector.reset();
            while (selector.find()) {
                asked.add(selector.group(1));
                if (!ELSEWHERE.contains(selector.group(1))) {
                    check(selector, labels, names);
                }
            }
        }
        assertThat(asked).hasSizeGreaterThan(20);
    }

    private static void check(Matcher selector, Map<String, Set<String>> labels, Set<String> names) {
        assertThat(labels).containsKey(selector.group(1));
        Matcher label = LABEL.matcher(selector.group(2));
        while (label.find()) {
            assertThat(labels.get(selector.group(1))).as(selector.group()).contains(label.group(1));
            if (label.group(1).equals("name")) {
                assertThat(names)
                        .as(selector.group())
                        .anyMatch(Pattern.compile(label.group(3)).asMatchPredicate());
            }
        }
    }

    private static List<String> expressions() throws IOException {
        Path file = Path.of(System.getProperty("preceptor.root"), "docs/grafana/preceptor.json");
        List<String> expressions = new ObjectMapper()
                .readTree(file.toFile()).findValues("expr").stream()
                        .map(JsonNode::textValue)
                        .toList();
        assertThat(expressions).hasSizeGreaterThan(25);
        return expressions;
    }

    /** At the end of its third step: gauges of rollouts leave with the run. */
    private static String servedByARun() {
        ServedTeacherSettings settings = Settings.of(ServedTeacherSettings.class)
                .arguments(List.of("teacher_url=http://127.0.0.1:9/v1", "teacher_model=m"))
                .read();
        try (RunMeters meters = RunMeters.open(new MeterKeys(0, null), "r", "policy", Map.of(), text -> {});
                CallLedger ledger = CallLedger.inMemory();
                ServedTeacher teacher = new ServedTeacher(settings.server(), ledger, meters.registry());
                Preceptor preceptor = Preceptor.open("cpu", 1);
                Student student =
                        preceptor.student(Golden.dir("tiny-chat"), new LoadOptions(Precision.FLOAT32, true))) {
            Scraping scorer = new Scraping((PrometheusMeterRegistry) meters.registry());
            List<Prompt> prompts = Datasets.prompts(Golden.file("pairs.jsonl"), 0, OnBadRow.FAIL)
                    .rows();
            LoopSetting loop = LoopSetting.of(RunStore.none(), new Interrupt(), new StepMeters(meters.registry()));
            student.optimize(
                    prompts,
                    scorer,
                    new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.RLOO)
                            .numGenerations(2)
                            .maxCompletionLength(4)
                            .build()),
                    TrainConfig.builder().batchSize(4).maxSteps(3).build(),
                    new PolicyContext(loop, row -> {}, meters.registry(), null, null, null));
            assertThat(teacher.unanswered()).isEmpty();
            return scorer.scraped;
        }
    }
}
