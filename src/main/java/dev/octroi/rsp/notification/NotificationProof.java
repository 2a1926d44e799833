package dev.octroi.rsp.notification;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.cert.ChainResult;
import dev.octroi.rsp.cert.ChainVerifier;
import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.TrustedIssuer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Proves that a card made a notification. */
public final class NotificationProof {
    private final ChainVerifier chains;

    /** Proofs with the given verifier of chains. */
    public NotificationProof(ChainVerifier chains) {
        this.chains = chains;
    }

    /** Whether the card whose key is known from the download made the result. */
    public static boolean holds(CardNotification.InstallationResult result, Curve curve, byte[] cardKey) {
        return holds(curve, cardKey, result.signature(), result.signedPart());
    }

    /** Whether the card whose key is known from the download made the report. */
    public static boolean holds(CardNotification.StateChange change, Curve curve, byte[] cardKey) {
        return holds(curve, cardKey, change.signature(), change.signedPart());
    }

    private static boolean holds(Curve curve, byte[] cardKey, Tlv signature, Tlv signed) {
        return curve.key(cardKey)
                .map(key -> curve.verify(key, signature.value(), signed.raw()))
                .orElse(false);
    }

    /** The card that made the notification; empty when the chain or the signature does not hold. */
    public Optional<Eid> prove(CardNotification.StateChange change, List<TrustedIssuer> issuers, Instant now) {
        for (TrustedIssuer issuer : issuers) {
            ChainResult chain = chains.verify(
                    change.cardCertificate(),
                    change.manufacturerCertificate(),
                    change.otherCertificates(),
                    issuer,
                    now);
            if (chain instanceof ChainResult.Verified card) {
                boolean signed = card.curve()
                        .verify(
                                card.key(),
                                change.signature().value(),
                                change.signedPart().raw());
                return signed ? Optional.of(card.eid()) : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
