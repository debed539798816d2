package ai.preceptor.cli.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a stage measured of a method, whose name other stages may have measured too.
 *
 * @param stage its own name, without round and seed
 * @param place what may be compared: a seed, or a prompt
 * @param method its name
 * @param value what was measured
 */
record StageValue<V>(String stage, String place, String method, V value) {
    /** Between the names of a stage and a method. */
    static final String SEPARATOR = ": ";

    /**
     * Each once. Where stages differ in a method of one name, all methods are called {@code STAGE: METHOD}. Of the rounds of
     * a stage the first counts, since they measure the same start.
     */
    static <V> List<StageValue<V>> distinct(List<StageValue<V>> all) {
        Map<List<String>, StageValue<V>> shared = new LinkedHashMap<>();
        Map<List<String>, StageValue<V>> byStage = new LinkedHashMap<>();
        boolean differ = false;
        for (StageValue<V> each : all) {
            StageValue<V> first = shared.putIfAbsent(List.of(each.place, each.method), each);
            boolean known = byStage.putIfAbsent(List.of(each.stage, each.place, each.method), each) != null;
            differ |= !known && first != null && !first.value.equals(each.value);
        }
        return differ ? byStage.values().stream().map(StageValue::withStage).toList() : List.copyOf(shared.values());
    }

    private StageValue<V> withStage() {
        return new StageValue<>(stage, place, stage + SEPARATOR + method, value);
    }
}
