package ai.preceptor.lm.decoder;

import ai.preceptor.lm.batch.PackedBatch;
import ai.preceptor.lm.batch.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A part of a packed batch that is independent of the rest, so that it can be run by itself.
 *
 * @param batch its prompts and completions, without spans
 * @param targets which of the whole batch's targets are predicted here, ascending; each of them is in one part
 */
public record ShardPlan(PackedBatch batch, int[] targets) {
    /** With fewer rows per shard, adding gradients costs more than shards save. */
    private static final int FEWEST_ROWS = 256;

    /** How much longer than an even share the longest shard may be: the others wait for it. */
    private static final double UNEVEN = 1.1;

    /** A segment that attends to nothing before it, such as a prompt, and those that attend to it. */
    private record Group(Segment first, List<Segment> others) {
        int rows() {
            return first.length() + others.stream().mapToInt(Segment::length).sum();
        }

        /** Two groups that share the others; the first, which both need, is then computed twice. */
        List<Group> halves() {
            int middle = others.size() / 2;
            return List.of(
                    new Group(first, others.subList(0, middle)),
                    new Group(first, others.subList(middle, others.size())));
        }
    }

    /**
     * Cuts a batch into as many parts of about one size as there can be; into one where there cannot be several.
     *
     * @param most how many parts there may be
     * @param threads that they share: their number divides it
     */
    public static List<ShardPlan> of(PackedBatch batch, int most, int threads) {
        List<Group> groups = most > 1 && batch.rows() >= 2 * FEWEST_ROWS ? groups(batch) : List.of();
        for (int shards = most; shards > 1 && !groups.isEmpty(); shards--) {
            if (threads % shards == 0 && batch.rows() >= shards * FEWEST_ROWS) {
                List<ShardPlan> parts = parts(batch, even(groups, shards, batch.rows()));
                if (!parts.isEmpty() && parts.stream().allMatch(part -> part.targets.length > 0)) {
                    return parts;
                }
            }
        }
        int[] all = IntStream.range(0, batch.targets().length).toArray();
        return List.of(new ShardPlan(batch, all));
    }

    /** None where a segment attends to others than the one that begins its group. */
    private static List<Group> groups(PackedBatch batch) {
        List<Group> groups = new ArrayList<>();
        for (Segment segment : batch.segments()) {
            if (segment.prefixLength() == 0) {
                groups.add(new Group(segment, new ArrayList<>()));
                continue;
            }
            Group last = groups.isEmpty() ? null : groups.get(groups.size() - 1);
            if (last == null
                    || segment.prefixStart() != last.first.start()
                    || segment.prefixEnd() != last.first.end()) {
                return List.of();
            }
            last.others.add(segment);
        }
        return groups;
    }

    /**
     * Groups for each shard, with similar numbers of rows; the longest groups are halved if whole ones do not fit.
     * None if that fails.
     */
    private static List<List<Group>> even(List<Group> whole, int shards, int rows) {
        List<Group> groups = new ArrayList<>(whole);
        while (true) {
            groups.sort(Comparator.comparingInt(Group::rows).reversed());
            List<List<Group>> shares = shares(groups, shards);
            long longest = shares.stream().mapToLong(ShardPlan::rows).max().orElse(0);
            if (longest * shards <= UNEVEN * rows) {
                return shares;
            }
            Group divided = groups.stream()
                    .filter(group -> group.others.size() > 1)
                    .findFirst()
                    .orElse(null);
            if (divided == null || groups.size() > whole.size() + shards) {
                return List.of();
            }
            groups.remove(divided);
            groups.addAll(divided.halves());
        }
    }

    /** The longest first, each to the shortest shard; within a shard in the batch's order. */
    private static List<List<Group>> shares(List<Group> sorted, int shards) {
        List<List<Group>> shares = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            shares.add(new ArrayList<>());
        }
        for (Group group : sorted) {
            shares.stream()
                    .min(Comparator.comparingInt(ShardPlan::rows))
                    .orElseThrow()
                    .add(group);
        }
        shares.forEach(share -> share.sort(Comparator.comparingInt(group -> group.first.start())));
        return shares;
    }

    private static int rows(List<Group> share) {
        return share.stream().mapToInt(Group::rows).sum();
    }

    private static List<ShardPlan> parts(PackedBatch batch, List<List<Group>> shares) {
        boolean[] taken = new boolean[batch.targets().length];
        return shares.stream().map(share -> part(batch, share, taken)).toList();
    }

    /** @param taken targets of earlier shards: a row in several shards predicts in the first one only */
    private static ShardPlan part(PackedBatch batch, List<Group> share, boolean[] taken) {
        int[] tokens = new int[rows(share)];
        int[] positions = new int[tokens.length];
        int[] place = new int[batch.rows()];
        Arrays.fill(place, -1);
        List<Segment> segments = new ArrayList<>();
        int at = 0;
        for (Group group : share) {
            int first = at;
            for (Segment s :
                    Stream.concat(Stream.of(group.first), group.others.stream()).toList()) {
                System.arraycopy(batch.tokens(), s.start(), tokens, at, s.length());
                System.arraycopy(batch.positions(), s.start(), positions, at, s.length());
                for (int row = s.start(); row < s.end(); row++) {
                    place[row] = at + row - s.start();
                }
                segments.add(new Segment(first, first + s.prefixLength(), at, at + s.length()));
                at += s.length();
            }
        }
        int[] targets = IntStream.range(0, taken.length)
                .filter(t -> !taken[t] && place[batch.sources()[t]] >= 0)
                .toArray();
        Arrays.stream(targets).forEach(t -> taken[t] = true);
        PackedBatch own = new PackedBatch(
                tokens,
                positions,
                segments,
                Arrays.stream(targets).map(t -> place[batch.sources()[t]]).toArray(),
                Arrays.stream(targets).map(t -> batch.targets()[t]).toArray(),
                List.of());
        return new ShardPlan(own, targets);
    }
}
