package dev.octroi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** The one line that whoever runs a command has to go on. */
class FailureTextTest {
    @Test
    void theReasonIsSaidBesideWhatFailed() {
        Throwable failure = new UncheckedIOException(
                "cannot start the embedded PostgreSQL in var/pg",
                new IOException("Process [initdb] failed", new IOException("No space left on device")));
        assertThat(FailureText.of(failure))
                .isEqualTo(
                        "cannot start the embedded PostgreSQL in var/pg: Process [initdb] failed: No space left on device");
    }

    @Test
    void nothingIsSaidTwice() {
        IOException reason = new IOException("Connection refused");
        assertThat(FailureText.of(new IllegalStateException(reason)))
                .isEqualTo("java.io.IOException: Connection refused");
        assertThat(FailureText.of(new IllegalStateException("cannot reach the database: Connection refused", reason)))
                .isEqualTo("cannot reach the database: Connection refused");
    }

    @Test
    void whatHasNoTextIsNamed() {
        assertThat(FailureText.of(new IllegalStateException("cannot connect", new InterruptedException())))
                .isEqualTo("cannot connect: InterruptedException");
        assertThat(FailureText.of(new InterruptedException())).isEqualTo("InterruptedException");
    }

    @Test
    void causesThatGoInCirclesEnd() {
        IOException first = new IOException("first");
        IOException second = new IOException("second", first);
        first.initCause(second);
        assertThat(FailureText.of(first)).isEqualTo("first: second");
    }
}
