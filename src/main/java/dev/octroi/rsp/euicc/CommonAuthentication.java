package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.List;

/** Server and card prove themselves to each other (SGP.22 v2.5 §3.0.1), up to the offer of a profile. */
final class CommonAuthentication {
    private static final String INITIATE = "initiateAuthentication";

    private final LpaSession session;
    private final ActivationCode code;

    CommonAuthentication(LpaSession session, ActivationCode code) {
        this.session = session;
        this.code = code;
    }

    /**
     * What the server offers.
     *
     * @param transactionText as the server wrote it
     */
    record Offer(String transactionText, byte[] transactionId, Es9Answer answer, Tlv metadata) {}

    Offer run() throws LpaException, MalformedTlvException {
        Es9Answer initiated = initiate();
        byte[] transactionId = LpaSession.transactionId(initiated);
        Tlv authenticated = authenticateServer(initiated, transactionId);
        Es9Answer offered = authenticateClient(initiated.text("transactionId"), authenticated);
        LpaSession.requireSame("authenticateClient", transactionId, LpaSession.transactionId(offered));
        return new Offer(
                initiated.text("transactionId"), transactionId, offered, offered.element("profileMetadata", 0xBF25));
    }

    private Es9Answer initiate() throws LpaException {
        VirtualEuicc card = session.card();
        ObjectNode request = Es9Client.request()
                .put("euiccChallenge", Es9Client.base64(card.euiccChallenge()))
                .put("euiccInfo1", Es9Client.base64(card.euiccInfo1().raw()))
                .put("smdpAddress", code.smdpAddress());
        Es9Answer answer = session.call(INITIATE, request);
        session.log().done(INITIATE, "server answered");
        return answer;
    }

    private Tlv authenticateServer(Es9Answer initiated, byte[] transactionId)
            throws LpaException, MalformedTlvException {
        Tlv signed = initiated.element("serverSigned1", 0x30);
        LpaSession.requireSame(INITIATE, transactionId, signed.require(0x80).value());
        if (!signed.require(0x83).asUtf8().equalsIgnoreCase(code.smdpAddress())) {
            throw LpaSession.refused(INITIATE, "the server signed another address");
        }
        Tlv certificate = initiated.element("serverCertificate", 0x30);
        requireOid(certificate);
        List<Tlv> context = new ArrayList<>();
        if (!code.matchingId().isEmpty()) {
            context.add(Tlv.utf8(0x80, code.matchingId()));
        }
        context.add(session.card().facts().deviceInfo());
        session.log().begin("AuthenticateServer");
        Tlv answer = session.card()
                .authenticateServer(Tlv.constructed(
                        0xBF38,
                        signed,
                        initiated.element("serverSignature1", 0x5F37),
                        initiated.element("euiccCiPKIdToBeUsed", 0x04),
                        certificate,
                        Tlv.constructed(0xA0, context)));
        session.log()
                .done(
                        "AuthenticateServer",
                        answer.find(0xA0).isPresent() ? "card accepts the server" : "card refuses the server");
        return answer;
    }

    /** The activation code may name the server's OID, which its certificate must prove (SGP.22 v2.5 §4.1). */
    private void requireOid(Tlv certificate) throws LpaException {
        if (code.smdpOid().isPresent()) {
            try {
                String oid = CardCertificate.read(certificate).requireEntityOid();
                if (!oid.equals(code.smdpOid().get())) {
                    throw LpaSession.refused(INITIATE, "another OID than the activation code");
                }
            } catch (CardRefusal e) {
                throw LpaSession.refused(INITIATE, "server certificate without OID");
            }
        }
    }

    private Es9Answer authenticateClient(String transactionId, Tlv authenticated)
            throws LpaException, MalformedTlvException {
        ObjectNode request = Es9Client.request()
                .put("transactionId", transactionId)
                .put("authenticateServerResponse", Es9Client.base64(authenticated.raw()));
        if (authenticated.find(0xA1).isPresent()) {
            session.tell("authenticateClient", request);
            throw session.cardError("AuthenticateServer", authenticated);
        }
        Es9Answer answer = session.call("authenticateClient", request);
        session.log().done("authenticateClient", "profile offered");
        return answer;
    }
}
