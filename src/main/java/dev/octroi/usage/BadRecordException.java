package dev.octroi.usage;

/** Ends the reading of one record. */
final class BadRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Fault fault;
    private final transient String detail;

    /** @param detail one sentence for the feed's owner, without any identifier of a subscriber */
    BadRecordException(Fault fault, String detail) {
        super(detail, null, false, false);
        this.fault = fault;
        this.detail = detail;
    }

    Fault fault() {
        return fault;
    }

    String detail() {
        return detail;
    }
}
