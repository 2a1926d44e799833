package dev.octroi.usage.radius;

/** Bytes that are no RADIUS packet, or not one that its sender signed. */
final class MalformedRadiusException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRadiusException(String message) {
        super(message, null, false, false);
    }
}
