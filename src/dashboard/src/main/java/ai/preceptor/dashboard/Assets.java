package ai.preceptor.dashboard;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Pages and their assets, all in memory: what a request names is looked up, never resolved as a path.
 */
final class Assets {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final Map<String, String> FOREIGN =
            Map.of("uplot.js", UPLOT + "uPlot.esm.js", "uplot.css", UPLOT + "uPlot.min.css");
    private static final List<String> SHARED = List.of(
            "base.css", "shell.js", "theme.js", "dom.js", "format.js", "live.js", "chart.js", "curves.js", "icon.svg");
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "html", "text/html; charset=utf-8");

    private final Map<String, Asset> byPath = new LinkedHashMap<>();

    private record Asset(String type, Buffer body, String tag) {
        static Asset of(String name, byte[] body) {
            CRC32C sum = new CRC32C();
            sum.update(body);
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            return new Asset(
                    type, Buffer.buffer(body), "\"" + Long.toHexString(sum.getValue()) + "-" + body.length + "\"");
        }
    }

    /** Reads all that the parts serve. */
    Assets(List<PageRoutes> parts) {
        SHARED.forEach(this::add);
        parts.forEach(part -> part.assets().forEach(this::add));
        FOREIGN.forEach((name, resource) -> byPath.put("/assets/" + name, Asset.of(name, read(resource))));
        byPath.put("/favicon.ico", Asset.of("icon.svg", read("page/icon.svg")));
        String shell = new String(read("page/shell.html"), StandardCharsets.UTF_8);
        List<Page> pages = parts.stream().flatMap(part -> part.pages().stream()).toList();
        for (Page page : pages) {
            String html = shell.replace("{title}", page.title())
                    .replace("{script}", page.script())
                    .replace("{menu}", menu(pages, page));
            byPath.put(page.path(), Asset.of("page.html", html.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void add(String name) {
        byPath.put("/assets/" + name, Asset.of(name, read("page/" + name)));
    }

    private static String menu(List<Page> pages, Page current) {
        return pages.stream()
                .filter(page -> page.menu() != null)
                .map(page -> "<a href=\"" + page.path() + "\"" + (page.equals(current) ? " aria-current=\"page\"" : "")
                        + ">" + page.menu() + "</a>")
                .collect(Collectors.joining("\n"));
    }

    private static byte[] read(String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void route(Router router) {
        byPath.forEach((path, asset) -> router.get(path).handler(one -> send(one, asset)));
    }

    /** A browser asks each time whether what it has is still right: after an update nothing old stays. */
    private static void send(RoutingContext one, Asset asset) {
        one.response().putHeader("cache-control", "no-cache").putHeader("etag", asset.tag());
        @Nullable String known = one.request().getHeader("if-none-match");
        if (asset.tag().equals(known)) {
            one.response().setStatusCode(304).end();
        } else {
            one.response().putHeader("content-type", asset.type()).end(asset.body());
        }
    }
}
