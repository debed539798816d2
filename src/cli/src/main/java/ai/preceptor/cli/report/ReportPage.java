package ai.preceptor.cli.report;

import ai.preceptor.data.OutputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
     * Writes the page.
     *
     * @throws OutputException when the file cannot be written
     */
    public void write(Path file) {
        try {
            Files.writeString(file, render());
        } catch (IOException e) {
            throw new OutputException(file, "cannot be written: " + e.getMessage(), e);
        }
    }

    /** The page's text. */
    public String render() {
        Html html = new Html();
        html.open("html", "lang", "en").open("head");
        html.empty("meta", "charset", "utf-8");
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        // Says to the browser what the page promises: nothing is loaded, nothing is run.
        html.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
        html.element("title", model.title()).style(css()).close();
        html.open("body").open("main");
        html.element("h1", model.title()).element("p", model.summary());
        results(html);
        model.chapters().forEach(chapter -> chapter(html, chapter));
        pictures(html);
        samples(html);
        stages(html);
        data(html);
        config(html);
        return html.close().close().close().finish();
    }

    private void results(Html html) {
        if (model.results().isEmpty()) {
            return;
        }
        html.element("h2", "Results");
        table(
                html,
                MethodResult.titles(),
                model.results().stream().map(MethodResult::cells).toList());
        html.element(
                "p",
                "Win rate: share of evaluation prompts whose answer the teacher prefers to the initial model's, judged in"
                        + " both orders, ties half. Reward: mean of the distilled reward model. KL: nats per answer to the"
                        + " reference. Rule score: a rule that is not used in training; a reward that rises while it"
                        + " falls indicates reward hacking.",
                "class",
                "note");
    }

    private static void chapter(Html html, Chapter chapter) {
        html.element("h2", chapter.title());
        chapter.pictures().forEach(picture -> new Chart(picture).draw(html));
        if (!chapter.rows().isEmpty()) {
            table(html, chapter.header(), chapter.rows());
        }
        if (!chapter.note().isEmpty()) {
            html.element("p", chapter.note(), "class", "note");
        }
    }

    private void pictures(Html html) {
        if (!model.frontier().lines().isEmpty()) {
            html.element("h2", "Reward against KL");
            new Chart(model.frontier()).draw(html);
        }
        if (!model.curves().isEmpty()) {
            html.element("h2", "Learning curves").open("div", "class", "curves");
            model.curves().forEach(curve -> new Chart(curve).draw(html));
            html.close();
        }
    }

    private void samples(Html html) {
        if (model.samples().isEmpty()) {
            return;
        }
        html.element("h2", "Before and after");
        for (SampleRow sample : model.samples()) {
            html.open("section", "class", "sample").element("h3", sample.prompt());
            html.open("dl");
            sample.answers()
                    .forEach(answer -> html.element("dt", answer.method()).element("dd", answer.text()));
            html.close().close();
        }
    }

    private void stages(Html html) {
        if (!model.stages().isEmpty()) {
            html.element("h2", "Stages");
            table(
                    html,
                    List.of("stage", "what it did", "seconds"),
                    model.stages().stream()
                            .map(stage -> List.of(
                                    stage.name(), stage.did(), String.format(Locale.ROOT, "%.1f", stage.seconds())))
                            .toList());
        }
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

    private static void table(Html html, List<String> header, List<List<String>> rows) {
        html.open("div", "class", "wide").open("table").open("thead").open("tr");
        header.forEach(title -> html.element("th", title, "scope", "col"));
        html.close().close().open("tbody");
        for (List<String> row : rows) {
            html.open("tr");
            row.forEach(cell -> html.element("td", cell));
            html.close();
        }
        html.close().close().close();
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
