package dev.octroi.rsp.identity;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.cert.Curve;
import dev.octroi.rsp.cert.RspCertificate;
import java.security.PrivateKey;
import java.util.Arrays;

/**
 * A private key from a file.
 *
 * @param point its public key, uncompressed
 */
@SuppressWarnings("ArrayRecordComponent")
record FoundKey(Curve curve, PrivateKey key, byte[] point) {
    FoundKey {
        requireNonNull(curve, "curve is null");
        requireNonNull(key, "key is null");
        requireNonNull(point, "point is null");
    }

    boolean fits(RspCertificate certificate) {
        return certificate.curve() == curve && Arrays.equals(curve.point(certificate.key()), point);
    }

    /** The curve only. */
    @Override
    public String toString() {
        return "FoundKey[" + curve + "]";
    }
}
