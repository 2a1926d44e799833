package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.euicc.LpaException.Source;
import java.util.Arrays;
import java.util.HexFormat;

/** Between one card and one server: what all steps of a download need. */
final class LpaSession {
    private final VirtualEuicc card;
    private final Es9Client server;
    private final String address;
    private final DownloadLog log;

    LpaSession(VirtualEuicc card, Es9Client server, String address, DownloadLog log) {
        this.card = card;
        this.server = server;
        this.address = address;
        this.log = log;
    }

    VirtualEuicc card() {
        return card;
    }

    String address() {
        return address;
    }

    DownloadLog log() {
        return log;
    }

    Es9Answer call(String function, ObjectNode request) throws LpaException {
        log.begin(function);
        return server.call(address, function, request);
    }

    /** Lets the server know of a refusal of the card; what it says to that changes nothing. */
    void tell(String function, ObjectNode request) {
        try {
            server.tell(address, function, request);
        } catch (LpaException ignored) {
            log.done(function, "server did not take the card's refusal");
        }
    }

    /** ES10b.CancelSession and ES9+.CancelSession. */
    void cancel(byte[] transactionId, CancelReason reason) throws LpaException {
        Tlv response = card.cancelSession(transactionId, reason.code());
        call(
                "cancelSession",
                Es9Client.request()
                        .put("transactionId", HexFormat.of().withUpperCase().formatHex(transactionId))
                        .put("cancelSessionResponse", Es9Client.base64(response.raw())));
        log.done("cancelSession", reason.name());
    }

    /** The refusal of the card in a response of ES10b. */
    LpaException cardError(String function, Tlv response) throws MalformedTlvException {
        int error = response.require(0xA1).require(0x02).asInt();
        return new LpaException(
                Source.CARD,
                function,
                "error " + error + ": " + card.lastRefusal().orElse(""));
    }

    static LpaException refused(String step, String message) {
        return new LpaException(Source.LPA, step, message);
    }

    static byte[] transactionId(Es9Answer answer) throws LpaException {
        String text = answer.text("transactionId");
        if (!text.matches("([0-9A-Fa-f]{2}){1,16}")) {
            throw refused(answer.step(), "transactionId is not 1 to 16 bytes in hexadecimal");
        }
        return HexFormat.of().parseHex(text);
    }

    static void requireSame(String step, byte[] expected, byte[] found) throws LpaException {
        if (!Arrays.equals(expected, found)) {
            throw refused(step, "another transactionId");
        }
    }
}
