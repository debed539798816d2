package ai.preceptor.tinker;

import ai.preceptor.train.TrainConfig;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a service is told of AdamW; not all of them follow it. */
record AdamTerms(double beta1, double beta2, double epsilon, double weightDecay) {
    static AdamTerms of(TrainConfig config) {
        return new AdamTerms(config.adamBeta1(), config.adamBeta2(), config.adamEpsilon(), config.weightDecay());
    }

    void write(double learningRate, ObjectNode into) {
        into.put("learning_rate", learningRate)
                .put("beta1", beta1)
                .put("beta2", beta2)
                .put("eps", epsilon)
                .put("weight_decay", weightDecay);
    }
}
