package com.example;

import ai.preceptor.PolicyOptions;
import ai.preceptor.policy.PolicyAlgorithm;
import ai.preceptor.policy.PolicySettings;
import ai.preceptor.train.TrainConfig;
import java.nio.file.Path;

/** Runs the README's example on a small model: arguments are the model, the pairs, and where to write. */
public final class Distil {
    private Distil() {}

    public static void main(String[] args) {
        TrainConfig config = TrainConfig.builder()
                .batchSize(4)
                .learningRate(1e-3)
                .maxSteps(4)
                .build();
        PolicyOptions rloo = new PolicyOptions(PolicySettings.builder(PolicyAlgorithm.RLOO)
                .numGenerations(4)
                .maxCompletionLength(16)
                .build());
        LibraryExample.distil(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), config, rloo);
        System.out.println("distilled");
    }
}
