package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame of the functions of ES10b that check what a server sent: the answer has the tag of the request and holds
 * either what was signed (A0) or the transaction with an error (A1).
 */
abstract class Es10bFunction {
    static final int INVALID_CERTIFICATE = 1;
    static final int INVALID_SIGNATURE = 2;
    static final int NO_SESSION_CONTEXT = 4;
    static final int UNDEFINED = 127;

    private final VirtualEuicc card;
    private final int tag;

    Es10bFunction(VirtualEuicc card, int tag) {
        this.card = card;
        this.tag = tag;
    }

    VirtualEuicc card() {
        return card;
    }

    /** The content of a successful answer. */
    abstract List<Tlv> perform(Tlv request, Tlv signed, @Nullable CardSession session)
            throws CardRefusal, MalformedTlvException;

    final Tlv answer(Tlv request, @Nullable CardSession session) {
        Tlv transactionId = Tlv.of(0x80, new byte[1]);
        try {
            Tlv signed = request.expect(tag).require(0x30);
            Tlv named = signed.require(0x80);
            named.asBytes(1, 16);
            transactionId = named;
            return Tlv.constructed(tag, Tlv.constructed(0xA0, perform(request, signed, session)));
        } catch (CardRefusal refusal) {
            return refused(transactionId, refusal);
        } catch (MalformedTlvException malformed) {
            return refused(transactionId, new CardRefusal(UNDEFINED, "malformed: " + malformed.getMessage()));
        }
    }

    private Tlv refused(Tlv transactionId, CardRefusal refusal) {
        card.setLastRefusal(refusal);
        return Tlv.constructed(tag, Tlv.constructed(0xA1, transactionId, Tlv.integer(0x02, refusal.code())));
    }

    /** The signed data and the certificate have the same tag; the certificate comes after. */
    static Tlv certificate(Tlv request) throws MalformedTlvException {
        List<Tlv> sequences =
                request.children().stream().filter(child -> child.tag() == 0x30).toList();
        if (sequences.size() != 2) {
            throw new MalformedTlvException("expected signed data and a certificate");
        }
        return sequences.getLast();
    }
}
