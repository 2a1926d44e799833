package dev.octroi.rsp.euicc;

import java.security.PublicKey;

/**
 * A CI key that the card verifies with.
 *
 * @param subjectKeyId the identifier of the key, lower-case hexadecimal
 */
record CardTrust(String subjectKeyId, CardCurve curve, PublicKey publicKey) {}
