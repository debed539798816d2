package ai.preceptor.distill;

import ai.djl.ndarray.NDArray;
import ai.preceptor.lm.DivergenceTerm;
import ai.preceptor.lm.torch.DivergenceKernels.Loss;
import ai.preceptor.lm.torch.DivergenceKernels.Student;
import ai.preceptor.lm.torch.DivergenceKernels.Teachers;
import ai.preceptor.lm.torch.DivergenceKernels.Terms;
import ai.preceptor.lm.torch.Scope;
import ai.preceptor.lm.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** The kernel on logits: hidden states are the logits, and the head is the identity. */
record LogitKernel(Torch torch, double temperature) {

    /**
     * What it found.
     *
     * @param gradient {@code [m * vocabulary]}: by the student's logits
     * @param numbers {@code [m]} each: log-probability, entropy, top-1, and what follows
     */
    record Found(float[] gradient, List<float[]> numbers) {}

    /**
     * Compares, each row with weight {@code 1 / rows}.
     *
     * @param blend 0, 1 or 2
     */
    Found compare(double[][] student, List<double[][]> teachers, double[] shares, int blend, Divergence divergence) {
        int m = student.length;
        try (Scope scope = torch.scope()) {
            List<NDArray> tensors = new ArrayList<>();
            float[] factors = new float[m * teachers.size()];
            for (int i = 0; i < teachers.size(); i++) {
                tensors.add(matrix(scope, teachers.get(i)));
                tensors.add(identity(scope, teachers.get(i)[0].length));
                Arrays.fill(factors, i * m, (i + 1) * m, (float) ((blend == 0 ? shares[i] : 1) / m));
            }
            return run(
                    scope,
                    student,
                    new Teachers(tensors.toArray(NDArray[]::new), new long[teachers.size()], shares, blend),
                    factors,
                    divergence);
        }
    }

    /** The same with one teacher that is known by its most probable tokens, with a bucket for the others. */
    Found compareTop(double[][] student, int[] ids, float[] logprobs, Divergence divergence) {
        int m = student.length;
        try (Scope scope = torch.scope()) {
            NDArray known = scope.keep(scope.indices(ids).reshape(m, ids.length / m));
            NDArray[] tensors = {known, scope.floats(logprobs, m, logprobs.length / m)};
            float[] factors = new float[m];
            Arrays.fill(factors, 1f / m);
            return run(scope, student, new Teachers(tensors, new long[] {1}, new double[] {1}, 0), factors, divergence);
        }
    }

    private Found run(Scope scope, double[][] student, Teachers teachers, float[] factors, Divergence divergence) {
        int m = student.length;
        DivergenceTerm term = divergence.term(1);
        int kind = List.of(
                        Divergence.forwardKl(),
                        Divergence.reverseKl(),
                        Divergence.jsd(0.5),
                        Divergence.skewForwardKl(0),
                        Divergence.skewReverseKl(0),
                        Divergence.totalVariation(),
                        Divergence.adaptiveKl(0),
                        Divergence.uld())
                .stream()
                .map(Divergence::kind)
                .toList()
                .indexOf(divergence.kind());
        NDArray[] out = torch.kernels()
                .divergence()
                .compare(
                        scope,
                        new Student(
                                matrix(scope, student), identity(scope, student[0].length), scope.indices(new int[m])),
                        teachers,
                        new Terms(new long[] {kind}, new double[] {term.parameter(), 1}, temperature),
                        new Loss(
                                scope.floats(factors, factors.length / m, m),
                                scope.zeros(0),
                                scope.zeros(0),
                                true,
                                true),
                        2,
                        3);
        float[] all = out[1].toFloatArray();
        List<float[]> numbers = new ArrayList<>();
        for (int at = 0; at < all.length; at += m) {
            numbers.add(Arrays.copyOfRange(all, at, at + m));
        }
        return new Found(out[0].toFloatArray(), numbers);
    }

    private static NDArray matrix(Scope scope, double[][] rows) {
        double[] flat = Arrays.stream(rows).flatMapToDouble(DoubleStream::of).toArray();
        float[] values = new float[flat.length];
        for (int i = 0; i < flat.length; i++) {
            values[i] = (float) flat[i];
        }
        return scope.floats(values, rows.length, rows[0].length);
    }

    private static NDArray identity(Scope scope, int size) {
        float[] values = new float[size * size];
        for (int i = 0; i < size; i++) {
            values[i * size + i] = 1;
        }
        return scope.floats(values, size, size);
    }
}
