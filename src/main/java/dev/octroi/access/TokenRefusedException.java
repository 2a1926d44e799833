package dev.octroi.access;

/** A token is not accepted. The reason is for metrics and tests; the caller is told nothing of it. */
public final class TokenRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    TokenRefusedException(String reason) {
        super(reason);
    }

    TokenRefusedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
