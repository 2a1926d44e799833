package dev.octroi.rsp.euicc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.secret.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The user's confirmation, the card's one-time key, and the package bound to it (SGP.22 v2.5 §3.1.3.2). */
final class PackageRequest {
    private static final int MAX_CODE_ATTEMPTS = 3;
    private static final String WRONG_CODE = "8.2.7/3.8";

    private final LpaSession session;
    private final CommonAuthentication.Offer offer;
    private final EndUser user;

    PackageRequest(LpaSession session, CommonAuthentication.Offer offer, EndUser user) {
        this.session = session;
        this.offer = offer;
        this.user = user;
    }

    /** The bound profile package; a wrong confirmation code may be put right within the session. */
    Tlv run() throws LpaException, MalformedTlvException {
        Tlv signed = offer.answer().element("smdpSigned2", 0x30);
        boolean codeRequired = signed.require(0x01).asBoolean();
        for (int attempt = 1; ; attempt++) {
            ObjectNode request = prepared(signed, codeRequired ? Optional.of(hash(attempt)) : Optional.empty());
            try {
                Es9Answer answer = session.call("getBoundProfilePackage", request);
                LpaSession.requireSame(
                        "getBoundProfilePackage", offer.transactionId(), LpaSession.transactionId(answer));
                Tlv bound = answer.element("boundProfilePackage", 0xBF36);
                session.log().done("getBoundProfilePackage", bound.rawLength() + " bytes");
                return bound;
            } catch (LpaException e) {
                if (!e.status().orElse("").equals(WRONG_CODE) || attempt >= MAX_CODE_ATTEMPTS) {
                    throw e;
                }
                session.log().done("getBoundProfilePackage", "wrong confirmation code");
            }
        }
    }

    private Tlv hash(int attempt) throws LpaException {
        Optional<String> entered = user.confirmationCode(attempt);
        if (entered.isEmpty()) {
            session.cancel(
                    offer.transactionId(), user.comesBack() ? CancelReason.POSTPONED : CancelReason.END_USER_REJECTION);
            throw LpaSession.refused("PrepareDownload", "no confirmation code was entered");
        }
        byte[] inner = Sha256.of(entered.get().getBytes(StandardCharsets.UTF_8));
        return Tlv.of(0x04, Sha256.of(inner, offer.transactionId()));
    }

    private ObjectNode prepared(Tlv signed, Optional<Tlv> hashCc) throws LpaException, MalformedTlvException {
        List<Tlv> parts = new ArrayList<>();
        parts.add(signed);
        parts.add(offer.answer().element("smdpSignature2", 0x5F37));
        hashCc.ifPresent(parts::add);
        parts.add(offer.answer().element("smdpCertificate", 0x30));
        session.log().begin("PrepareDownload");
        Tlv prepared = session.card().prepareDownload(Tlv.constructed(0xBF21, parts));
        session.log()
                .done(
                        "PrepareDownload",
                        prepared.find(0xA0).isPresent() ? "one-time key ready" : "card refuses the server");
        ObjectNode request = Es9Client.request()
                .put("transactionId", offer.transactionText())
                .put("prepareDownloadResponse", Es9Client.base64(prepared.raw()));
        if (prepared.find(0xA1).isPresent()) {
            session.tell("getBoundProfilePackage", request);
            throw session.cardError("PrepareDownload", prepared);
        }
        return request;
    }
}
