package dev.octroi.quota;

/** Another gateway wrote an account of the batch in the meantime: roll back, read again, decide again. */
final class StaleAccountException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StaleAccountException() {
        super("an account was changed by another gateway", null, false, false);
    }
}
