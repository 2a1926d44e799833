package dev.octroi.radius;

/** Bytes that are no RADIUS packet, or not one that its sender signed. */
public final class MalformedRadiusException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, without anything of the packet */
    public MalformedRadiusException(String message) {
        super(message, null, false, false);
    }
}
