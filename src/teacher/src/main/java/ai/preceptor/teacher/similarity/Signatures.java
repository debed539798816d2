package ai.preceptor.teacher.similarity;

import ai.preceptor.data.source.UnnamedFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signatures of one length by their numbers: the first ones in memory, the others on the disk. */
final class Signatures {
    private static final int HEAP_SHARE = 8;

    private final int length;
    private final int inMemory;
    private final List<int[]> first = new ArrayList<>();
    private @Nullable UnnamedFile others;
    private int size;

    /** @param length numbers in a signature */
    Signatures(int length) {
        this(length, (int) (Runtime.getRuntime().maxMemory() / HEAP_SHARE / bytes(length)));
    }

    /** @param inMemory how many signatures may stay there */
    Signatures(int length, int inMemory) {
        this.length = length;
        this.inMemory = inMemory;
    }

    private static int bytes(int length) {
        return length * Integer.BYTES;
    }

    int size() {
        return size;
    }

    /** @throws ai.preceptor.data.OutputException if the disk is full or broken */
    void add(int[] signature) {
        if (size < inMemory) {
            first.add(signature);
        } else {
            if (others == null) {
                others = UnnamedFile.create();
            }
            ByteBuffer bytes = ByteBuffer.allocate(bytes(length));
            bytes.asIntBuffer().put(signature);
            others.write((long) (size - inMemory) * bytes(length), bytes.array(), bytes(length));
        }
        size++;
    }

    /**
     * The signature of a number.
     *
     * @throws ai.preceptor.data.OutputException if the disk is broken
     */
    int[] get(int number) {
        if (number < first.size()) {
            return first.get(number);
        }
        if (others == null || number >= size) {
            throw new IndexOutOfBoundsException("signature " + number + " of " + size);
        }
        byte[] bytes = new byte[bytes(length)];
        others.read((long) (number - inMemory) * bytes.length, bytes);
        int[] signature = new int[length];
        ByteBuffer.wrap(bytes).asIntBuffer().get(signature);
        return signature;
    }
}
