package ai.preceptor.lm;

import ai.preceptor.lm.torch.Torch;
import ai.preceptor.lm.weights.Precision;
import java.nio.file.Path;

/** How long models take to load; a program to run by hand: directory or file, then threads. */
final class LoadTiming {
    private LoadTiming() {}

    /** Prints seconds for each precision, frozen and trained, three times each. */
    public static void main(String[] arguments) {
        Path model = Path.of(arguments[0]);
        try (Torch torch = Torch.open("cpu", Integer.parseInt(arguments[1]))) {
            for (int round = 0; round < 3; round++) {
                for (Precision precision : Precision.values()) {
                    for (boolean trainable : new boolean[] {false, true}) {
                        long start = System.nanoTime();
                        LanguageModel.load(torch, model, new LoadOptions(precision, trainable))
                                .close();
                        System.out.printf(
                                "%s %s %.2f s%n",
                                precision, trainable ? "trained" : "frozen", (System.nanoTime() - start) * 1e-9);
                    }
                }
            }
        }
    }
}
