package com.example.research;

import ai.preceptor.policy.kl.KlController;

/** Twice the coefficient after every batch. */
record Doubling(double beta) implements KlController {
    Doubling {
        if (!(beta >= 0)) {
            throw new IllegalArgumentException("beta: " + beta + ", must be 0 or more");
        }
    }

    @Override
    public String name() {
        return "doubling";
    }

    @Override
    public KlController after(double kl, int samples) {
        return at(2 * beta);
    }

    @Override
    public KlController at(double other) {
        return new Doubling(other);
    }
}
