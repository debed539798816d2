package ai.preceptor.tinker;

import ai.preceptor.data.ConfigurationException;
import ai.preceptor.data.files.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a service does with derivatives, found out on a model that is thrown away afterwards.
 *
 * <p>Derivatives go as the advantages of {@code importance_sampling} with the pass's own log-probabilities, whose ratios are 1: so
 * they may have either sign, which {@code cross_entropy} with weights may not have everywhere (SkyRL's JAX divides by their sum). A
 * gradient must follow them: a step along it must raise what was to rise; derivatives w, 2w and -w must give norms in the ratio
 * 1:2:1; w and -w together must give none. Two further norms tell by what it is divided: with a second, longer
 * sequence of derivatives 0, and with positions of derivative 0 added.
 *
 * @param normalization by what gradients are divided
 * @param fingerprint of the untrained model: its name, and its log-probabilities of a short text
 * @param adapterBytes size of the adapter's weights
 */
record Calibration(Normalization normalization, String fingerprint, long adapterBytes) {
    /** Norms and ratios agree up to this, relatively; bfloat16 has 8 bits. */
    private static final double TOLERANCE = 0.03;

    private static final double STEP = 1e-3;
    private static final int SHORTEST = 6;
    private static final int ADDED = 3;
    private static final float[] PATTERN = {0.5f, -0.25f, 1, 0.125f, -1};

    /**
     * Calibrates.
     *
     * @param probe a short text in token ids, at least one
     * @param base where the base model's files are here
     * @throws ConfigurationException with the norms, if derivatives of either sign are not followed
     */
    static Calibration of(TinkerService service, int rank, AdamTerms terms, int[] probe, Path base) {
        int[] ids = new int[Math.max(SHORTEST, probe.length) + ADDED];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = probe[i % probe.length];
        }
        try (RemoteModel model = service.model(rank, 0)) {
            long bytes = exported(model, base);
            return new Trial(service, model, terms, ids).run(bytes);
        }
    }

    private static long exported(RemoteModel model, Path base) {
        try {
            Path directory = Files.createTempDirectory("preceptor-adapter");
            try {
                return model.export(directory, base);
            } finally {
                AtomicFiles.deleteTree(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Trial(TinkerService service, RemoteModel model, AdamTerms terms, int[] ids) {
        /** The first positions of the text, to be measured. */
        private Datum first(int positions) {
            return Datum.of(Arrays.copyOf(ids, positions), Arrays.copyOfRange(ids, 1, positions + 1));
        }

        Calibration run(long bytes) {
            int whole = ids.length - 1;
            Datum longer = first(whole);
            Datum shorter = first(whole - ADDED);
            float[] untrained = measured(longer);
            String fingerprint = service.name() + " " + service.baseModel() + " " + Arrays.toString(untrained);
            requireRise(longer, untrained);
            float[] now = measured(longer);
            float[] w = new float[whole];
            for (int i = 0; i < shorter.length(); i++) {
                w[i] = PATTERN[i % PATTERN.length];
            }
            double once = norm(List.of(trained(shorter, now, w, 1)));
            double twice = norm(List.of(trained(shorter, now, w, 2)));
            double negative = norm(List.of(trained(shorter, now, w, -1)));
            double none = norm(List.of(trained(shorter, now, w, 1), trained(shorter, now, w, -1)));
            double beside = norm(List.of(trained(shorter, now, w, 1), trained(longer, now, w, 0)));
            double lengthened = norm(List.of(trained(longer, now, w, 1)));
            String found = String.format(
                    Locale.ROOT,
                    "w %.4g, 2w %.4g, -w %.4g, w and -w together %.4g, w and a sequence of 0 %.4g, w with %d more positions of 0 %.4g",
                    once,
                    twice,
                    negative,
                    none,
                    beside,
                    ADDED,
                    lengthened);
            boolean isSigned = once > 0 && is(twice, 2 * once) && is(negative, once) && none < TOLERANCE * once;
            double share = (double) shorter.length() / longer.length();
            boolean bySequences = is(beside, once / 2);
            boolean byPositions = is(lengthened, share * once);
            if (!isSigned || !(bySequences || is(beside, once)) || !(byPositions || is(lengthened, once))) {
                throw new ConfigurationException(
                        "learner_url: expected a service whose gradients follow derivatives of either"
                                + " sign, with norms of w, 2w and -w in the ratio 1:2:1, and which sums them or divides by positions"
                                + " and sequences; found norms of " + service.name() + ": " + found);
            }
            return new Calibration(new Normalization(byPositions, bySequences), fingerprint, bytes);
        }

        private static boolean is(double norm, double expected) {
            return Math.abs(norm - expected) <= TOLERANCE * expected;
        }

        private Datum trained(Datum datum, float[] logprobs, float[] derivative, float factor) {
            float[] advantages = new float[datum.length()];
            for (int i = 0; i < advantages.length; i++) {
                advantages[i] = factor * derivative[i];
            }
            return datum.training(Arrays.copyOf(logprobs, datum.length()), advantages);
        }

        /** One step towards the text must make it more probable. */
        private void requireRise(Datum datum, float[] before) {
            float[] ones = new float[datum.length()];
            Arrays.fill(ones, 1);
            model.forwardBackward(List.of(trained(datum, before, ones, 1)));
            requireFinite(model.step(STEP, terms), "the gradient norm of a first step");
            float[] after = measured(datum);
            if (!(sum(after) > sum(before))) {
                throw new ConfigurationException("learner_url: expected a step of " + service.name()
                        + " along positive advantages to raise a text's log-probability, found " + sum(before)
                        + " before and " + sum(after) + " after it");
            }
        }

        private static double sum(float[] values) {
            double sum = 0;
            for (float value : values) {
                sum += value;
            }
            return sum;
        }

        private double norm(List<Datum> data) {
            model.forwardBackward(data);
            return requireFinite(model.step(0, terms), "a gradient norm");
        }

        private float[] measured(Datum datum) {
            float[] logprobs = model.forward(List.of(datum)).get(0);
            requireFinite(sum(logprobs), "the log-probability of a short text");
            return logprobs;
        }

        private double requireFinite(double value, String what) {
            if (!Double.isFinite(value)) {
                throw new ConfigurationException("learner_url: expected finite numbers, found " + value + " as " + what
                        + " of " + service.name() + ". A model of the service in bfloat16 rounds adam_beta2 "
                        + terms.beta2() + " to " + rounded(terms.beta2()) + "; 1 makes its steps infinite: then"
                        + " lower adam_beta2 (0.95), or let it load float32 weights");
            }
            return value;
        }

        /** To bfloat16, half to even. */
        private static float rounded(double value) {
            int bits = Float.floatToIntBits((float) value);
            int half = 0x7fff + ((bits >>> 16) & 1);
            return Float.intBitsToFloat((bits + half) & 0xffff0000);
        }
    }
}
