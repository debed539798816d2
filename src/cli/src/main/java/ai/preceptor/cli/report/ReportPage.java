package ai.preceptor.cli.report;

import ai.preceptor.cli.chart.Html;
import ai.preceptor.data.files.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Writes a {@link ReportModel} as one page of HTML that loads nothing from anywhere. */
public final class ReportPage {
    private final ReportModel model;

    /** @param model what to say */
    public ReportPage(ReportModel model) {
        this.model = model;
    }

    /**
     * Writes the page, whole or not at all: that of a recipe says that it is finished.
     *
     * @throws ai.preceptor.data.OutputException when the file cannot be written
     */
    public void write(Path file) {
        AtomicFiles.writeString(file, render());
    }

    /** The page's text. */
    public String render() {
        Html html = new Html();
        html.open("html", "lang=en").open("head");
        html.empty("meta", "charset=utf-8");
        html.empty("meta", "name=viewport", "content=width=device-width, initial-scale=1");
        // Says to the browser what the page promises: nothing is loaded, nothing is run.
        html.empty(
                "meta",
                "http-equiv=Content-Security-Policy",
                "content=default-src 'none'; style-src 'unsafe-inline'; img-src data:");
        html.element("title", model.title()).style(css()).close();
        html.open("body").open("main");
        html.element("h1", model.title()).element("p", model.summary());
        model.chapters().forEach(chapter -> chapter.draw(html));
        samples().draw(html);
        stages().draw(html);
        data(html);
        config(html);
        return html.close().close().close().finish();
    }

    private Chapter samples() {
        return new Chapter("Before and after", List.of(), List.of(), List.of(), "", model.samples());
    }

    private Chapter stages() {
        List<List<String>> rows = model.stages().stream()
                .map(stage -> List.of(stage.name(), stage.did(), String.format(Locale.ROOT, "%.1f", stage.seconds())))
                .toList();
        return new Chapter("Stages", List.of(), List.of("stage", "what it did", "seconds"), rows, "");
    }

    private void data(Html html) {
        if (model.data().isEmpty()) {
            return;
        }
        html.element("h2", "Data");
        html.open("ul");
        for (DataRow row : model.data()) {
            html.open("li")
                    .element("strong", row.name())
                    .text(": " + row.account().summary());
            if (!row.account().skipped().isEmpty()) {
                html.open("ul");
                row.account().skipped().forEach(line -> html.element("li", line));
                html.close();
            }
            html.close();
        }
        html.close();
    }

    private void config(Html html) {
        if (!model.config().isEmpty()) {
            html.open("details").element("summary", "Configuration").element("pre", model.config());
            html.close();
        }
    }

    private static String css() {
        try (InputStream in =
                Objects.requireNonNull(ReportPage.class.getResourceAsStream("report.css"), "report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("report.css of this program cannot be read", e);
        }
    }
}
