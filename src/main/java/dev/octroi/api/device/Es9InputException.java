package dev.octroi.api.device;

import dev.octroi.rsp.session.GsmaStatus;

/** A request that lacks a field, or has one that cannot be read. */
final class Es9InputException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient GsmaStatus status;

    Es9InputException(GsmaStatus status) {
        super(status.toString(), null, false, false);
        this.status = status;
    }

    static Es9InputException missing() {
        return new Es9InputException(GsmaStatus.MISSING_INPUT);
    }

    static Es9InputException invalid() {
        return new Es9InputException(GsmaStatus.INVALID_INPUT);
    }

    GsmaStatus status() {
        return status;
    }
}
