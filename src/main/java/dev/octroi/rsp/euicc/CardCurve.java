package dev.octroi.rsp.euicc;

import java.security.GeneralSecurityException;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** The curves that the card knows (SGP.22 v2.5 §2.6.7.1). */
enum CardCurve {
    P256("secp256r1", "1.2.840.10045.3.1.7"),
    BRAINPOOL_P256R1("brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7");

    private static final int POINT_BYTES = 65;

    private final String curveName;
    private final String oid;

    CardCurve(String curveName, String oid) {
        this.curveName = curveName;
        this.oid = oid;
    }

    String curveName() {
        return curveName;
    }

    /** The curve of a public key, or a refusal with the given code when the card does not know it. */
    static CardCurve of(SubjectPublicKeyInfo key, int codeIfUnknown) throws CardRefusal {
        ASN1Encodable parameters = key.getAlgorithm().getParameters();
        for (CardCurve curve : values()) {
            if (parameters instanceof ASN1ObjectIdentifier id && id.getId().equals(curve.oid)) {
                return curve;
            }
        }
        throw new CardRefusal(codeIfUnknown, "unsupported curve");
    }

    /** The key of an uncompressed point, which must lie on the curve. */
    SubjectPublicKeyInfo keyInfo(byte[] point) throws GeneralSecurityException {
        if (point.length != POINT_BYTES || point[0] != 4) {
            throw new GeneralSecurityException("not an uncompressed point");
        }
        ASN1ObjectIdentifier id = new ASN1ObjectIdentifier(oid);
        try {
            // Decoding checks the curve's equation: an agreement with a point elsewhere would leak the key.
            ECNamedCurveTable.getByOID(id).getCurve().decodePoint(point);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("point not on the curve", e);
        }
        return new SubjectPublicKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, id), point);
    }
}
