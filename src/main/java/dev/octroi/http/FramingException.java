package dev.octroi.http;

/** The head of a request leaves its end, its target or its meaning open to more than one reading. */
final class FramingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final ProblemType type;
    private final String reason;

    FramingException(ProblemType type, String reason) {
        super(reason);
        this.type = type;
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    ProblemType type() {
        return type;
    }
}
