package ai.preceptor.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** One browser for the tests of a class. Whatever a test did: nothing was logged, and nothing of the files ran. */
abstract class PageFixture {
    static Browser browser;

    @BeforeAll
    static void openBrowser() {
        browser = new Browser();
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
    }

    @AfterEach
    void consoleIsEmpty() {
        List<String> complaints = browser.complaints();
        Object hacked = browser.script("return window.hacked");
        browser.open("about:blank"); // a page whose server ends says so
        stopServer();
        browser.complaints();
        assertThat(complaints).isEmpty();
        assertThat(hacked).isNull();
    }

    /** Ends what the test's page was served by. */
    abstract void stopServer();
}
