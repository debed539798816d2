package ai.preceptor.policy.opd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpdSettingsTest {
    private static List<String> refused(OpdSettings settings) {
        List<String> found = new ArrayList<>();
        settings.check((key, message) -> found.add(key + ": " + message));
        return found;
    }

    private static List<String> without(OpdSettings settings, boolean alone) {
        List<String> found = new ArrayList<>();
        settings.checkTeacher(false, alone, (key, message) -> found.add(key + ": " + message));
        return found;
    }

    @Test
    void severalTeachers_needDifferentKeys() {
        List<Path> two = List.of(Path.of("a"), Path.of("b"));
        assertThat(refused(OpdSettings.builder().distillTeacher(two).build()))
                .containsExactly("distill_teacher_keys: expected one for each of the 2 of distill_teacher, found none");
        assertThat(refused(OpdSettings.builder()
                        .distillTeacher(two)
                        .distillTeacherKeys(List.of("x", "x"))
                        .build()))
                .containsExactly("distill_teacher_keys: expected one for each of the 2 of distill_teacher, all"
                        + " different, found [x, x]");
        assertThat(refused(OpdSettings.builder()
                        .distillTeacher(two)
                        .distillTeacherKeys(List.of("x", "y"))
                        .build()))
                .isEmpty();
        assertThat(refused(OpdSettings.builder().distillTeacher(List.of()).build()))
                .containsExactly("distill_teacher: expected at least one, found []");
    }

    @Test
    void bothForms_areRefused() {
        assertThat(refused(OpdSettings.builder().opdGamma(0.5).iwOpdGamma(0.5).build()))
                .containsExactly("iw_opd_gamma: expected none with opd_gamma above 0, found 0.5");
    }

    @Test
    void withoutATeacher_whatNeedsOneIsRefused() {
        assertThat(without(OpdSettings.builder().build(), false)).isEmpty();
        assertThat(without(OpdSettings.builder().build(), true))
                .containsExactly("distill_teacher: expected a teacher with algorithm=opd, found none");
        assertThat(without(
                        OpdSettings.builder()
                                .opdKlCoef(2)
                                .opdGamma(0.5)
                                .distillTeacherKeys(List.of("x"))
                                .build(),
                        false))
                .containsExactly(
                        "opd_kl_coef: expected its default without a distill_teacher, found 2.0",
                        "opd_gamma: expected its default without a distill_teacher, found 0.5",
                        "distill_teacher_keys: expected its default without a distill_teacher, found [x]");
    }
}
