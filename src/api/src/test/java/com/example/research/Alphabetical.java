package com.example.research;

import ai.preceptor.teacher.Comparison;
import ai.preceptor.teacher.Judge;
import ai.preceptor.teacher.Verdict;
import java.util.List;

/** Prefers what comes first in the alphabet. */
record Alphabetical() implements Judge {
    @Override
    public String name() {
        return "alphabetical";
    }

    @Override
    public List<Verdict> compare(List<Comparison> comparisons) {
        return comparisons.stream().map(Alphabetical::verdict).toList();
    }

    private static Verdict verdict(Comparison comparison) {
        int order = comparison.first().asString().compareTo(comparison.second().asString());
        return order == 0 ? Verdict.TIE : Verdict.of(order < 0 ? 1 : 0);
    }
}
