package dev.octroi.callback.connector;

import static java.util.Objects.requireNonNull;

/** A connector cannot be used as it is described; the message is fit for the one who described it. */
public final class ConnectorRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String pointer;

    /** @param pointer JSON pointer within the connector, such as {@code /url} */
    ConnectorRefusedException(String pointer, String message) {
        super(requireNonNull(message, "message is null"), null, false, false);
        this.pointer = requireNonNull(pointer, "pointer is null");
    }

    /** Where in the connector the fault is. */
    public String pointer() {
        return pointer;
    }
}
