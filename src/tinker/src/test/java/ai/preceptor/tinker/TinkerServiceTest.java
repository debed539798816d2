package ai.preceptor.tinker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.TeacherException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinkerServiceTest {
    @TempDir
    private Path folder;

    private FakeTinker service() {
        return new FakeTinker(FakeTinker.Kind.SUM, rank -> new TableLearner(60, rank), folder);
    }

    private static TinkerService open(TinkerSettings settings) {
        return TinkerService.open(settings, () -> false);
    }

    @Test
    void open_takesTheServicesOnlyModel_orTheOneNamed() {
        try (FakeTinker service = service();
                TinkerService only = open(TinkerSettings.at(service.url()).build());
                TinkerService named = open(TinkerSettings.at(service.url() + "/api/v1/")
                        .learnerBaseModel("tiny")
                        .build())) {
            assertThat(only.baseModel()).isEqualTo("tiny");
            assertThat(named.baseModel()).isEqualTo("tiny");
            assertThatThrownBy(() -> open(TinkerSettings.at(service.url())
                            .learnerBaseModel("other")
                            .build()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("learner_base_model: expected one of \"tiny\"")
                    .hasMessageEndingWith("found other");
        }
    }

    @Test
    void open_nobodyThere_endsAfterTheOutage() throws IOException {
        String url;
        try (FakeTinker service = service()) {
            url = service.url();
        }
        assertThatThrownBy(() -> open(TinkerSettings.at(url).learnerOutage(0).build()))
                .isInstanceOf(TeacherException.class)
                .hasMessageContaining("training service " + url + ": not reached");
        assertThatThrownBy(() -> TinkerService.open(TinkerSettings.at(url).build(), () -> true))
                .isInstanceOf(TeacherException.class); // a run that is stopped does not wait
    }

    @Test
    void heartbeat_isSentUntilClosed() throws InterruptedException {
        try (FakeTinker service = service()) {
            TinkerService session =
                    TinkerService.open(TinkerSettings.at(service.url()).build(), () -> false, Duration.ofMillis(20));
            while (service.calls().stream().filter("session_heartbeat"::equals).count() < 3) {
                Thread.sleep(5);
            }
            session.close();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals("tinker-heartbeat") && !thread.isDaemon());
        }
    }

    @Test
    void model_repliesThatMayHaveBeenCarriedOut_areNotSentAgain() {
        try (FakeTinker service = service();
                TinkerService session = open(TinkerSettings.at(service.url()).build())) {
            service.meet((number, path) -> path.equals("create_model") ? FakeTinker.Trouble.CUT : 0);

            assertThatThrownBy(() -> session.model(2, 0))
                    .isInstanceOf(TeacherException.class)
                    .hasMessageContaining("not sent again, because it may have been carried out");
            assertThat(service.models()).isEqualTo(1);
        }
    }

    @Test
    void key_goesIntoAHeaderAlone() {
        Map.Entry<String, String> variable = System.getenv().entrySet().stream()
                .filter(one -> one.getValue().matches("[!-~]{8,200}"))
                .findFirst()
                .orElseThrow();
        try (FakeTinker service = service();
                TinkerService session = open(TinkerSettings.at(service.url())
                        .learnerApiKeyEnv(variable.getKey())
                        .build())) {
            assertThat(service.keys()).isNotEmpty().containsOnly(variable.getValue());
            assertThat(session.shown("it said " + variable.getValue())).isEqualTo("\"it said [key]\"");
        }
    }
}
