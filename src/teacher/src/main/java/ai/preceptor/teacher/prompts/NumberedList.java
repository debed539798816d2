package ai.preceptor.teacher.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A list in a reply, numbered from 1.
 *
 * <p>An item is a line {@code N. text} or {@code N) text} with the next number, and the lines after it up to the next item or a
 * blank line. Text before the list and after it is no item. An item with another number than the next ends the list: the rest
 * is malformed.
 *
 * @param items in order; copied
 * @param malformed what is wrong with the rest; copied
 */
record NumberedList(List<String> items, List<String> malformed) {
    private static final Pattern ITEM = Pattern.compile("\\s{0,3}(\\d{1,9})\\s?[.)]\\s+(.*)");

    NumberedList {
        items = List.copyOf(items);
        malformed = List.copyOf(malformed);
    }

    /**
     * Reads a reply.
     *
     * @param truncated whether it was cut off at the limit of tokens; its last item is then malformed
     */
    static NumberedList of(String reply, boolean truncated) {
        List<String> items = new ArrayList<>();
        List<String> malformed = new ArrayList<>();
        boolean inside = false;
        for (String line : reply.lines().toList()) {
            Matcher item = ITEM.matcher(line);
            if (item.matches()) {
                if (Integer.parseInt(item.group(1)) != items.size() + 1) {
                    malformed.add("item " + item.group(1) + " in the place of " + (items.size() + 1));
                    break;
                }
                items.add(item.group(2).strip());
                inside = true;
            } else if (line.isBlank()) {
                inside = false;
            } else if (inside) {
                int last = items.size() - 1;
                items.set(last, (items.get(last) + " " + line.strip()).strip());
            }
        }
        if (truncated && !items.isEmpty() && malformed.isEmpty()) {
            malformed.add("item " + items.size() + " was cut off at the limit of tokens");
            items.remove(items.size() - 1);
        }
        if (items.isEmpty() && malformed.isEmpty()) {
            malformed.add("no numbered list");
        }
        return new NumberedList(items, malformed);
    }
}
