package ai.preceptor.lm.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.pytorch.jni.JniUtils;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShardExecutorTest {
    private Torch torch;

    @BeforeEach
    void open() {
        torch = Torch.open("cpu", 6);
    }

    @AfterEach
    void close() {
        torch.close();
    }

    @Test
    void run_givesEachPartItsShareOfThreadsAndLeavesTheCallersOwn() {
        ConcurrentLinkedQueue<Integer> threads = new ConcurrentLinkedQueue<>();
        torch.shards().run(3, part -> threads.add(JniUtils.getNumThreads()));
        torch.shards().run(6, part -> threads.add(JniUtils.getNumThreads()));
        assertThat(threads).containsExactly(2, 2, 2, 1, 1, 1, 1, 1, 1);
        assertThat(JniUtils.getNumThreads()).isEqualTo(6);
        assertThat(torch.threads()).isEqualTo(6);
    }

    /** A thread that was never bound takes over what was set last, by whomever; a bound one does not. */
    @Test
    void bindThread_afterShards_givesTheThreadsThatWereAskedFor() throws InterruptedException {
        torch.shards().run(6, part -> {});
        ConcurrentLinkedQueue<Integer> threads = new ConcurrentLinkedQueue<>();
        Thread other = new Thread(() -> {
            torch.bindThread();
            threads.add(JniUtils.getNumThreads());
        });
        other.start();
        other.join();
        assertThat(threads).containsExactly(6);
    }

    @Test
    void open_withoutANumberOfThreads_givesLibtorchsOwnWhateverWasOpenBefore() {
        int own;
        try (Torch all = Torch.open("cpu", 0)) {
            own = all.threads();
        }
        Torch.open("cpu", own + 1).close();
        try (Torch all = Torch.open("cpu", 0)) {
            assertThat(all.threads()).isEqualTo(own);
        }
    }

    @Test
    void run_letsPartsRunAtOnce() {
        CountDownLatch all = new CountDownLatch(3);
        torch.shards().run(3, part -> {
            all.countDown();
            try {
                all.await(); // would wait for ever, one after the other
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(all.getCount()).isZero();
    }

    @Test
    void run_withAPartThatFails_throwsWhatItThrewOnceAllHaveEnded() {
        Set<Integer> ended = ConcurrentHashMap.newKeySet();
        assertThatThrownBy(() -> torch.shards().run(3, part -> {
                    if (part == 0) {
                        throw new IllegalArgumentException("part 0");
                    }
                    ended.add(part);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("part 0");
        assertThat(ended).containsExactlyInAnyOrder(1, 2);
    }
}
