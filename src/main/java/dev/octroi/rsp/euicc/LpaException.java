package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A download or a notification did not work. */
public final class LpaException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Who said no. */
    public enum Source {
        /** The SM-DP+, with a GSMA status. */
        SERVER,
        /** The card. */
        CARD,
        /** The LPA itself, because an answer breaks the standard. */
        LPA,
        /** Nobody: no answer came. */
        NETWORK
    }

    private final Source source;
    private final String step;
    private final @Nullable String subjectCode;
    private final @Nullable String reasonCode;

    LpaException(Source source, String step, String message) {
        this(source, step, message, null, null);
    }

    LpaException(
            Source source, String step, String message, @Nullable String subjectCode, @Nullable String reasonCode) {
        super(step + ": " + message);
        this.source = requireNonNull(source, "source is null");
        this.step = step;
        this.subjectCode = subjectCode;
        this.reasonCode = reasonCode;
    }

    /** Who said no. */
    public Source source() {
        return source;
    }

    /** The function of ES9+ or ES10b that failed. */
    public String step() {
        return step;
    }

    /** Subject and reason code such as {@code 8.2.6/3.8}, when the server gave a status. */
    public Optional<String> status() {
        return subjectCode == null ? Optional.empty() : Optional.of(subjectCode + "/" + reasonCode);
    }
}
