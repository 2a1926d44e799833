package dev.octroi.api.device;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.session.TransactionId;

/** The fields of a request, whatever the binding. */
interface Es9Input {
    /** The session that the request names. */
    TransactionId transactionId() throws Es9InputException;

    /** The card's challenge: {@code euiccChallenge}, tag 81. */
    byte[] challenge() throws Es9InputException;

    /** The server that the device believes to talk to: {@code smdpAddress}, tag 83. */
    String address() throws Es9InputException;

    /**
     * An element within the request.
     *
     * @param name of the field in JSON
     * @param tag of the element, 0 when it may have several
     */
    Tlv element(String name, int tag) throws Es9InputException;
}
