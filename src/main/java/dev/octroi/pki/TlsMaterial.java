package dev.octroi.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain and its private key, read and checked: the key belongs to the first certificate, and the chain is in
 * date. A listener never starts or reloads with material that does not fit together.
 */
public final class TlsMaterial {
    private final List<X509Certificate> chain;
    private final PrivateKey key;

    private TlsMaterial(List<X509Certificate> chain, PrivateKey key) {
        this.chain = chain;
        this.key = key;
    }

    /** Reads a chain and its key. */
    public static TlsMaterial read(TlsFiles files, InstantSource clock) throws IOException, GeneralSecurityException {
        return of(
                PemFile.certificates(PemFile.read(files.chain())),
                PemFile.privateKey(PemFile.read(files.key())),
                clock);
    }

    /**
     * Takes a chain and its key from memory.
     *
     * @param chain end entity first, without the root
     */
    public static TlsMaterial of(List<X509Certificate> chain, PrivateKey key, InstantSource clock)
            throws GeneralSecurityException {
        Objects.requireNonNull(key, "key");
        if (chain.isEmpty()) {
            throw new CertificateException("no certificate in the chain");
        }
        for (X509Certificate certificate : chain) {
            certificate.checkValidity(Date.from(clock.instant()));
        }
        X509Certificate leaf = chain.getFirst();
        String algorithm = key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        byte[] probe = "octroi".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(probe);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(leaf.getPublicKey());
        verifier.update(probe);
        if (!verifier.verify(signature)) {
            throw new CertificateException("the key does not belong to the certificate");
        }
        return new TlsMaterial(List.copyOf(chain), key);
    }

    /** The chain, end entity first. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** When the first certificate of the chain that ends does so. */
    Instant ends() {
        return chain.stream()
                .map(each -> each.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Whether another material is the same chain with the same key. */
    boolean sameAs(@Nullable TlsMaterial other) {
        return other != null && chain.equals(other.chain) && key.equals(other.key);
    }

    PrivateKey key() {
        return key;
    }

    /** The chain as PEM. */
    byte[] chainPem() throws GeneralSecurityException {
        StringBuilder pem = new StringBuilder();
        for (X509Certificate certificate : chain) {
            pem.append(PemFile.certificate(certificate));
        }
        return pem.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** The key as PKCS#8 PEM. */
    byte[] keyPem() {
        return PemFile.block("PRIVATE KEY", key.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "TlsMaterial[" + chain.size() + " certificates]";
    }
}
