package ai.preceptor.lm.generate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which sample has which row of the cache. Finished samples leave gaps; new ones fill them, or rows from the end do. */
final class Rows {
    private final @Nullable Sample[] samples;
    private int end;
    private int busy;

    Rows(int count) {
        this.samples = new Sample[count];
    }

    boolean isFull() {
        return busy == samples.length;
    }

    boolean isEmpty() {
        return busy == 0;
    }

    /** Gives a sample the first free row. @return that row */
    int add(Sample sample) {
        int row = 0;
        while (samples[row] != null) {
            row++;
        }
        samples[row] = sample;
        end = Math.max(end, row + 1);
        busy++;
        return row;
    }

    /** Takes finished samples out, into {@code finished}. @return whether there were any */
    boolean retire(List<Sample> finished) {
        int before = busy;
        for (int row = 0; row < end; row++) {
            Sample sample = samples[row];
            if (sample != null && sample.finish() != null) {
                finished.add(sample);
                samples[row] = null;
                busy--;
            }
        }
        return busy < before;
    }

    /** Makes the busy rows {@code 0 .. n}, moving as few as possible. @return their samples in order */
    List<Sample> compact(RowCache cache) {
        List<Sample> order = new ArrayList<>(busy);
        for (int row = 0; row < busy; row++) {
            Sample sample = samples[row];
            if (sample == null) {
                sample = takeLast();
                cache.move(end, row, sample.position());
                samples[row] = sample;
            }
            order.add(sample);
        }
        end = busy;
        return order;
    }

    /** Removes the last busy row, which is then {@code end}. */
    private Sample takeLast() {
        while (true) {
            end--;
            Sample sample = samples[end];
            if (sample != null) {
                samples[end] = null;
                return sample;
            }
        }
    }
}
