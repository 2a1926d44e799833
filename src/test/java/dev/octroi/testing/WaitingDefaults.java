package dev.octroi.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets a test that waits judge only what it waits for, and long enough for a machine that has other work. Awaitility as it
 * comes fails the wait on what any thread of the JVM did not catch: a name looked up for a gateway that has been killed since
 * (its event loops refuse the answer) failed whatever test was waiting then, of any class. And it gives up after ten seconds.
 */
public final class WaitingDefaults implements BeforeAllCallback {
    static final Duration LONGEST = Duration.ofSeconds(30);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        Awaitility.setDefaultTimeout(LONGEST);
    }
}
