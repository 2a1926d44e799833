package dev.octroi.rsp.euicc;

/** The card says no, with a code of the function that was called. */
final class CardRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    CardRefusal(int code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    CardRefusal(ErrorReason reason, String text) {
        this(reason.code(), text);
    }

    int code() {
        return code;
    }
}
