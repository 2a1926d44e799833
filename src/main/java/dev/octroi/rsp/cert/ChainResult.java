package dev.octroi.rsp.cert;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import java.security.interfaces.ECPublicKey;

/** What verifying the certificates of a card gave. */
public sealed interface ChainResult {

    /**
     * The chain holds.
     *
     * @param eid whose card it is
     * @param curve of the card's key
     * @param key PK.EUICC.ECDSA
     */
    record Verified(Eid eid, Curve curve, ECPublicKey key) implements ChainResult {
        public Verified {
            requireNonNull(eid, "eid is null");
            requireNonNull(curve, "curve is null");
            requireNonNull(key, "key is null");
        }
    }

    /**
     * The chain does not hold.
     *
     * @param cause the first check that failed
     */
    record Refused(Cause cause) implements ChainResult {
        public Refused {
            requireNonNull(cause, "cause is null");
        }
    }

    /** Why a chain does not hold. */
    enum Cause {
        /**
         * The manufacturer's certificate comes from an issuer that this session is not about, or the issuer's own
         * certificate is out of its validity.
         */
        ISSUER_UNKNOWN,
        /**
         * A certificate between card and issuer is not genuine, not for its role or revoked, or the issuer's revocation
         * lists are too old to tell.
         */
        MANUFACTURER_INVALID,
        /** A certificate between card and issuer is out of its validity. */
        MANUFACTURER_EXPIRED,
        /** The card's certificate is not genuine, not for this role, or its EID is not the manufacturer's to give. */
        CARD_INVALID,
        /** The card's certificate is out of its validity. */
        CARD_EXPIRED
    }
}
