package ai.preceptor.cli.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The arrows between modules, for what the POMs cannot say: they allow a jar, not a package. */
@AnalyzeClasses(
        packages = "ai.preceptor",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArrowsTest.NoTestJars.class})
class ArrowsTest {
    /** Another module's test fixtures are a directory while tests are compiled, and a jar in a whole build. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar") && !location.contains("/test-classes/");
        }
    }

    /** Above this a reader no longer sees at a glance what a package holds. */
    private static final long LARGEST_PACKAGE = 25;

    private static final List<String> METHODS = List.of("reward", "ranking", "rollout", "policy");

    @ArchTest
    static void methodPackages_neverMeet(JavaClasses all) {
        for (String one : METHODS) {
            String[] others = METHODS.stream()
                    .filter(name -> !name.equals(one))
                    .map(ArrowsTest::tree)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(tree(one))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .because("the four methods meet in data's values and ports")
                    .check(all);
        }
    }

    @ArchTest
    static void everyModule_wasImported(JavaClasses all) {
        List<String> modules = List.of(
                "data",
                "parquet",
                "jinja",
                "formats",
                "lm",
                "teacher",
                "train",
                "track",
                "vllm",
                "tinker",
                "distill",
                "eval",
                "hub",
                "http",
                "rollout",
                "reward",
                "ranking",
                "policy",
                "serve",
                "dashboard",
                "quickstart",
                "cli");
        assertThat(modules)
                .allSatisfy(module -> assertThat(all)
                        .as("classes of %s", module)
                        .anyMatch(type -> type.getPackageName().startsWith("ai.preceptor." + module)));
    }

    @ArchTest
    static final ArchRule filesAndTemplates_neverSeeTensors = noClasses()
            .that()
            .resideInAnyPackage(tree("data"), tree("parquet"), tree("jinja"), tree("formats"), tree("hub"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.djl..");

    @ArchTest
    static final ArchRule hub_isUsedByCommandLineAndLibraryOnly = noClasses()
            .that()
            .resideOutsideOfPackages(tree("hub"), tree("cli"), "ai.preceptor")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(tree("hub"));

    @ArchTest
    static final ArchRule configuration_staysInCli = noClasses()
            .that()
            .resideOutsideOfPackage(tree("cli"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.yaml..", "com.fasterxml.jackson.dataformat.yaml..", tree("cli"));

    @ArchTest
    static final ArchRule formatsOfRows_stayBehindTheirDoor = noClasses()
            .that()
            .resideOutsideOfPackages(tree("parquet"), tree("cli"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.parquet..", "org.apache.hadoop..", tree("parquet"));

    @ArchTest
    static final ArchRule library_hasNoWebServerAndNoLoggingBackend = noClasses()
            .that()
            .resideOutsideOfPackages(tree("cli"), tree("serve"), tree("dashboard"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx.ext..",
                    "ch.qos.logback..",
                    "io.micrometer.prometheusmetrics..",
                    tree("serve"),
                    tree("dashboard"));

    @ArchTest
    static final ArchRule http_isUsedByServersOnly = noClasses()
            .that()
            .resideOutsideOfPackages(tree("http"), tree("serve"), tree("dashboard"), tree("cli"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(tree("http"));

    @ArchTest
    static final ArchRule dashboard_readsFilesOnly = noClasses()
            .that()
            .resideInAPackage(tree("dashboard"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("ai.djl..", tree("lm"), tree("serve"), "ai.preceptor");

    /** Whatever trains can be tracked, so tracking knows no method and no tensors. */
    @ArchTest
    static final ArchRule trackers_seeOnlyTheLoop = noClasses()
            .that()
            .resideInAPackage(tree("track"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "ai.djl..",
                    tree("lm"),
                    tree("distill"),
                    tree("reward"),
                    tree("ranking"),
                    tree("policy"),
                    tree("cli"));

    /** Servers only sample, so their module knows no method. */
    @ArchTest
    static final ArchRule servers_seeNoMethod = noClasses()
            .that()
            .resideInAPackage(tree("vllm"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "ai.djl..", tree("train"), tree("distill"), tree("reward"), tree("ranking"), tree("policy"));

    /** A training service gets derivatives, from whatever method. */
    @ArchTest
    static final ArchRule trainingServices_seeNoMethod = noClasses()
            .that()
            .resideInAPackage(tree("tinker"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "ai.djl..", tree("distill"), tree("reward"), tree("ranking"), tree("policy"), tree("rollout"));

    @ArchTest
    static final ArchRule packages_haveNoCycles =
            slices().matching("ai.preceptor.(**)").should().beFreeOfCycles();

    @ArchTest
    static void packages_areSmall(JavaClasses all) {
        Map<String, Long> sizes = all.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        assertThat(sizes)
                .allSatisfy((name, classes) ->
                        assertThat(classes).as("classes in %s", name).isLessThanOrEqualTo(LARGEST_PACKAGE));
    }

    @ArchTest
    static final ArchRule staticState_isConstant =
            fields().that().areStatic().should().beFinal().allowEmptyShould(true);

    @ArchTest
    static final ArchRule classes_haveADomainName = classes()
            .should()
            .haveNameNotMatching(".*(Utils?|Helpers?|Misc)$")
            .because("a class is named after what it is, not after how handy it is");

    private static String tree(String module) {
        return "ai.preceptor." + module + "..";
    }
}
