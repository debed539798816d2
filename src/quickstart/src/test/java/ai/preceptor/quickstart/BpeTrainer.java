package ai.preceptor.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns a byte-level byte-pair encoding: starts from the 256 bytes and joins the most frequent neighbours within a word
 * until the vocabulary is full. Of equally frequent pairs the alphabetically first is joined, so the result depends on
 * the texts alone.
 *
 * <p><b>Source.</b> Sennrich et al. 2016, Neural Machine Translation of Rare Words with Subword Units, over bytes as in
 * GPT-2 (Radford et al. 2019): words are split off by GPT-2's pattern, a byte is written as one printable character.
 */
final class BpeTrainer {
    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private final int vocabSize;
    private final List<String> specials;

    /**
     * A trainer.
     *
     * @param vocabSize tokens in all, at least the special ones and 256
     * @param specials tokens that come first and are never made of others
     */
    BpeTrainer(int vocabSize, List<String> specials) {
        if (vocabSize < specials.size() + 256) {
            throw new IllegalArgumentException(
                    "vocab_size: " + vocabSize + ", must be at least " + (specials.size() + 256));
        }
        this.vocabSize = vocabSize;
        this.specials = List.copyOf(specials);
    }

    /**
     * What was learnt.
     *
     * @param ids tokens to their ids, in order
     * @param merges pairs in the order in which they are joined
     */
    record Bpe(Map<String, Integer> ids, List<Pair> merges) {}

    /** Two neighbours. */
    record Pair(String left, String right) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            return Comparator.comparing(Pair::left).thenComparing(Pair::right).compare(this, other);
        }
    }

    /** Learns from texts. Fewer tokens come out where there is nothing left to join. */
    Bpe train(List<String> texts) {
        Map<String, Integer> ids = new LinkedHashMap<>();
        specials.forEach(token -> ids.put(token, ids.size()));
        byteCharacters().values().stream().sorted().forEach(letter -> ids.put(letter, ids.size()));
        Map<List<String>, Integer> words = count(texts);
        List<Pair> merges = new ArrayList<>();
        while (ids.size() < vocabSize) {
            Map<Pair, Integer> pairs = pairs(words);
            if (pairs.isEmpty()) {
                break;
            }
            // the first of the largest, in a sorted map
            Pair best = pairs.entrySet().stream()
                    .reduce((a, b) -> b.getValue() > a.getValue() ? b : a)
                    .orElseThrow()
                    .getKey();
            merges.add(best);
            ids.putIfAbsent(best.left() + best.right(), ids.size());
            words = join(words, best);
        }
        return new Bpe(ids, merges);
    }

    private static Map<List<String>, Integer> count(List<String> texts) {
        Map<Integer, String> letters = byteCharacters();
        Map<String, Integer> counts = new TreeMap<>();
        for (String text : texts) {
            Matcher matcher = WORD.matcher(text);
            while (matcher.find()) {
                counts.merge(matcher.group(), 1, Integer::sum);
            }
        }
        Map<List<String>, Integer> words = new LinkedHashMap<>();
        counts.forEach((word, count) -> {
            List<String> spelled = new ArrayList<>();
            for (byte value : word.getBytes(StandardCharsets.UTF_8)) {
                spelled.add(letters.get(value & 0xff));
            }
            words.put(spelled, count);
        });
        return words;
    }

    private static Map<Pair, Integer> pairs(Map<List<String>, Integer> words) {
        Map<Pair, Integer> pairs = new TreeMap<>();
        words.forEach((word, count) -> {
            for (int i = 0; i + 1 < word.size(); i++) {
                pairs.merge(new Pair(word.get(i), word.get(i + 1)), count, Integer::sum);
            }
        });
        return pairs;
    }

    private static Map<List<String>, Integer> join(Map<List<String>, Integer> words, Pair pair) {
        Map<List<String>, Integer> joined = new LinkedHashMap<>();
        words.forEach((word, count) -> {
            List<String> shorter = new ArrayList<>();
            for (int i = 0; i < word.size(); i++) {
                boolean here = i + 1 < word.size()
                        && word.get(i).equals(pair.left())
                        && word.get(i + 1).equals(pair.right());
                shorter.add(here ? pair.left() + pair.right() : word.get(i));
                i += here ? 1 : 0;
            }
            joined.put(shorter, count);
        });
        return joined;
    }

    /** Each byte's printable character: itself where it has one in Latin-1, else one from U+0100 on, in order. */
    static Map<Integer, String> byteCharacters() {
        Map<Integer, String> letters = new HashMap<>();
        int next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xff && value != 0xad);
            letters.put(value, Character.toString(printable ? value : next++));
        }
        return letters;
    }
}
