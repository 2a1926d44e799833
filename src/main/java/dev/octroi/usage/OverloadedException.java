package dev.octroi.usage;

/** Too much is waiting; the sender should come back in a second with the same records. */
public final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace: this is no fault of the program. */
    public OverloadedException() {
        this("too many records are waiting");
    }

    /** The same for another reason for which this gateway takes nothing now. */
    public OverloadedException(String why) {
        super(why, null, false, false);
    }
}
