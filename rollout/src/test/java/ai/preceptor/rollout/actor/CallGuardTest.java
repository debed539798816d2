package ai.preceptor.rollout.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class CallGuardTest {
    @Test
    void interrupt_callHasEnded_theThreadGoesOnUndisturbed() throws InterruptedException {
        CallGuard guard = new CallGuard();
        CountDownLatch inside = new CountDownLatch(1);
        AtomicBoolean woken = new AtomicBoolean();
        AtomicBoolean flagAfter = new AtomicBoolean(true);
        Thread worker = new Thread(() -> {
            try (CallGuard.Call call = guard.enter()) {
                inside.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                woken.set(true);
            }
            flagAfter.set(Thread.currentThread().isInterrupted());
        });
        worker.start();
        inside.await();
        guard.interrupt();
        worker.join();

        assertThat(woken).isTrue();
        assertThat(flagAfter).isFalse();
        guard.interrupt();
        assertThat(guard.isInside()).isFalse();
    }

    /** The actor's thread was busy elsewhere when the request timed out. */
    @Test
    void enter_requestWasInterruptedOnItsWay_isRefused_andTheNextIsNot() {
        CallGuard guard = new CallGuard();
        guard.interrupt();
        assertThatThrownBy(guard::enter)
                .isInstanceOf(CancellationException.class)
                .hasMessage("interrupted before this request began");

        guard.reported();
        try (CallGuard.Call call = guard.enter()) {
            assertThat(guard.isInside()).isTrue();
        }
    }

    @Test
    void enter_afterShut_isRefused() {
        CallGuard guard = new CallGuard();
        guard.shut();

        assertThatThrownBy(guard::enter).isInstanceOf(CancellationException.class);
    }
}
