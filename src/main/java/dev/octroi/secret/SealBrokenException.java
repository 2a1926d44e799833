package dev.octroi.secret;

/**
 * A sealed value could not be opened: altered, moved to another row, written under a destroyed key, or not sealed at
 * all. The message never holds any part of the value.
 */
public final class SealBrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SealBrokenException(String reason) {
        super(reason);
    }

    SealBrokenException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
