package ai.preceptor.dashboard;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Collections;
import java.util.List;

/**
 * Parameters of a request.
 *
 * @param all as they came
 */
public record Parameters(MultiMap all) {
    private static final int LONGEST = 1_000;

    /**
     * Parameters of a request.
     *
     * @throws BadRequestException if they cannot be read
     */
    static Parameters of(RoutingContext one) {
        try {
            return new Parameters(one.queryParams());
        } catch (HttpException malformed) {
            throw new BadRequestException("query: expected names and values in percent-encoding");
        }
    }

    /** The run that is asked for. */
    public String run() {
        return text("id");
    }

    /** A text that must be there. */
    public String text(String name) {
        String value = all.get(name);
        if (value == null || value.isEmpty() || value.length() > LONGEST) {
            throw new BadRequestException(name + ": expected 1 to " + LONGEST + " characters");
        }
        return value;
    }

    /** All values of a name. */
    public List<String> several(String name, int most) {
        List<String> values = all.getAll(name);
        if (values.size() > most) {
            throw new BadRequestException(name + ": expected at most " + most + ", found " + values.size());
        }
        return values;
    }

    /** As many numbers, none below 0; zeros if there are none of that name. */
    public List<Integer> numbers(String name, int count) {
        List<String> values = all.getAll(name);
        if (values.isEmpty()) {
            return Collections.nCopies(count, 0);
        }
        if (values.size() != count) {
            throw new BadRequestException(name + ": expected " + count + ", found " + values.size());
        }
        return values.stream()
                .map(value -> parsed(name, value, 0, Integer.MAX_VALUE))
                .toList();
    }

    /** A number in a range. */
    public int number(String name, int usual, int least, int most) {
        String value = all.get(name);
        return value == null ? usual : parsed(name, value, least, most);
    }

    private static int parsed(String name, String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new BadRequestException(name + ": expected a number, found " + shown(value));
        }
        throw new BadRequestException(name + ": expected " + least + " to " + most + ", found " + shown(value));
    }

    private static String shown(String value) {
        return value.length() > 40 ? value.substring(0, 40) + "…" : value;
    }
}
