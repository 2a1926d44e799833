package dev.octroi.audit;

import java.io.IOException;

/** The file of exported heads is not as it was written: a line is malformed, or its signature does not hold. */
public final class ChangedHeadsException extends IOException {
    private static final long serialVersionUID = 1L;

    ChangedHeadsException(String message) {
        super(message);
    }

    ChangedHeadsException(String message, Throwable cause) {
        super(message, cause);
    }
}
