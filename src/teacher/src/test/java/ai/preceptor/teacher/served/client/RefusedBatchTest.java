package ai.preceptor.teacher.served.client;

import static ai.preceptor.testkit.ServedReply.completion;
import static ai.preceptor.testkit.ServedReply.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.preceptor.data.ScorerException;
import ai.preceptor.teacher.chat.Asked;
import ai.preceptor.teacher.ledger.CallLedger;
import ai.preceptor.testkit.TeacherServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A batch of which no question is answered: the questions' own fault, or the teacher's. */
class RefusedBatchTest {
    private static int number(TeacherServer.Call call) {
        return Integer.parseInt(call.question().replaceAll("\\D", ""));
    }

    /** Else a last batch of one question that the server refuses would end every run over these prompts, for ever. */
    @Test
    void ask_afterAnAnswer_aRefusedBatchIsLeftWithoutAnswers() {
        try (TeacherServer server = TeacherServer.start(
                        call -> number(call) < 3 ? completion("yes") : error(400, "I do not say " + number(call)));
                Served served = Served.open(Served.options(server))) {
            assertThat(served.teacher().ask(Served.questions(3))).allMatch(one -> one.reply() != null);
            List<Asked> refused = served.teacher().ask(List.of(Served.question("question 3")));
            assertThat(refused).extracting(Asked::problem).containsExactly("status 400: \"I do not say 3\"");
            assertThat(served.teacher().unanswered()).containsEntry("refused", 1L);
        }
    }

    /** A run that is gone on with offers only the refused question again. */
    @Test
    void ask_ofALaterRun_aRefusedBatchIsLeftWithoutAnswers() {
        try (TeacherServer server =
                        TeacherServer.start(call -> number(call) < 3 ? completion("yes") : error(400, "no"));
                CallLedger ledger = CallLedger.inMemory()) {
            try (ServedTeacher teacher = new ServedTeacher(Served.options(server), ledger, new SimpleMeterRegistry())) {
                teacher.ask(Served.questions(3));
            }
            try (ServedTeacher teacher = new ServedTeacher(Served.options(server), ledger, new SimpleMeterRegistry())) {
                assertThat(teacher.ask(List.of(Served.question("question 3"))))
                        .extracting(Asked::problem)
                        .containsExactly("status 400: \"no\"");
            }
        }
    }

    @Test
    void ask_beforeAnyAnswer_aRefusedBatchIsAnError() {
        try (TeacherServer server = TeacherServer.start(call -> error(400, "no"));
                Served served = Served.open(Served.options(server))) {
            assertThatExceptionOfType(ScorerException.class)
                    .isThrownBy(() -> served.teacher().ask(Served.questions(2)))
                    .withMessageContaining("none of 2 calls was answered");
        }
    }

    @Test
    void ask_whereTheServerIsUnwell_isAnErrorAtAnyTime() {
        try (TeacherServer server =
                        TeacherServer.start(call -> number(call) < 3 ? completion("yes") : error(500, "busy"));
                Served served = Served.open(Served.options(server))) {
            served.teacher().ask(Served.questions(3));
            assertThatExceptionOfType(ScorerException.class)
                    .isThrownBy(() -> served.teacher().ask(List.of(Served.question("question 3"))))
                    .withMessageContaining("none of 1 calls was answered");
        }
    }
}
