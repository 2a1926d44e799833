package dev.octroi.testing;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets a test that waits judge only what it waits for. Awaitility as it comes fails the wait on what any thread of the
 * JVM did not catch: a name looked up for a gateway that has been killed since (its event loops refuse the answer) failed
 * whatever test was waiting then, of any class.
 */
public final class OthersExceptions implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }
}
