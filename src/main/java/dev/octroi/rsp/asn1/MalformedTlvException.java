package dev.octroi.rsp.asn1;

/** Bytes that are not the structure they should be. The message names the place, never the content. */
public final class MalformedTlvException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, without any of the received bytes */
    public MalformedTlvException(String message) {
        super(message, null, false, false);
    }
}
