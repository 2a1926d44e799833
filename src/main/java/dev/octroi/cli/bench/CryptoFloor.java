package dev.octroi.cli.bench;

import dev.octroi.rsp.cert.Curve;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cryptography that no server can leave out of one download: three signatures (two of the server, one of the package),
 * five verifications (manufacturer, card, and three messages of the card), a key pair, a key agreement, and AES-CBC with
 * AES-CMAC over the profile. Bare calls in this thread, with the provider that the product would choose here.
 */
final class CryptoFloor {
    private static final int SIGNATURES = 3;
    private static final int VERIFICATIONS = 5;
    private static final int MESSAGE_BYTES = 200;
    private static final int SEGMENT_BYTES = 1_008;
    private static final int WARM_UP = 300;
    private static final int ROUNDS = 300;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final SecureRandom random = new SecureRandom();
    private final byte[] message = new byte[MESSAGE_BYTES];
    private final byte[] segment = new byte[SEGMENT_BYTES];
    private final int segments;
    private final KeyPair own = Curve.P256.generate(random);
    private final KeyPair card = Curve.P256.generate(random);
    private final byte[] signature = Curve.P256.sign(own.getPrivate(), random, message);

    CryptoFloor(int profileBytes) {
        this.segments = (profileBytes + SEGMENT_BYTES - 1) / SEGMENT_BYTES;
    }

    /** Processor milliseconds for one download; the mean of some hundred, after a warm-up. */
    double measureMs() throws GeneralSecurityException {
        for (int i = 0; i < WARM_UP; i++) {
            once();
        }
        long before = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < ROUNDS; i++) {
            once();
        }
        return (threads.getCurrentThreadCpuTime() - before) / 1e6 / ROUNDS;
    }

    private void once() throws GeneralSecurityException {
        for (int i = 0; i < SIGNATURES; i++) {
            Curve.P256.sign(own.getPrivate(), random, message);
        }
        for (int i = 0; i < VERIFICATIONS; i++) {
            if (!Curve.P256.verify((ECPublicKey) own.getPublic(), signature, message)) {
                throw new GeneralSecurityException("a right signature was refused");
            }
        }
        KeyPair oneTime = Curve.P256.generate(random);
        byte[] secret = Curve.P256.agree(oneTime.getPrivate(), (ECPublicKey) card.getPublic());
        SecretKeySpec key = new SecretKeySpec(secret, 0, 16, "AES");
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
        IvParameterSpec iv = new IvParameterSpec(new byte[16]);
        for (int i = 0; i < segments; i++) {
            cipher.init(Cipher.ENCRYPT_MODE, key, iv);
            byte[] encrypted = cipher.doFinal(segment);
            // The code is one more pass of the same cipher over what was encrypted.
            cipher.init(Cipher.ENCRYPT_MODE, key, iv);
            cipher.doFinal(encrypted);
        }
    }
}
