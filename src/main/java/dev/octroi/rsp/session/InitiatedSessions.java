package dev.octroi.rsp.session;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.cert.TrustedIssuer;
import dev.octroi.secret.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sessions whose card has not proved itself yet. Nothing is kept of them: anybody may begin one, and nearly all that one
 * needs is chosen by the server. The name, 16 bytes that only this installation can make or read, is one block of AES over
 * the session's end, the issuer and the certificates that were chosen, and 6 random bytes; the challenge is a keyed hash of
 * the name, so that no two sessions share one. Thread-safe; some microseconds.
 */
public final class InitiatedSessions {
    private static final int RANDOM_BYTES = 6;
    private static final int TAG_BYTES = 3;
    private static final int CHALLENGE_BYTES = 16;
    private static final long UINT32 = 0xffff_ffffL;
    /** Each gateway may be five minutes off the database's clock (ADR 50), so the one that began may be so far ahead of this one. */
    private static final long APART_SECONDS = 600;

    /** To look these up takes longer than to compute one block with them. */
    private static final ThreadLocal<Cipher> BLOCK = ThreadLocal.withInitial(InitiatedSessions::cipher);

    private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(InitiatedSessions::hmac);

    private final SecretKey nameKey;
    private final SecretKey challengeKey;
    private final Duration lifetime;
    private final SecureRandom random;

    /**
     * @param secret 16 bytes or more, the same in all gateways of an installation
     * @param lifetime how long a device may take from the first message to the last
     */
    public InitiatedSessions(byte[] secret, Duration lifetime, SecureRandom random) {
        SecretKey root = new SecretKeySpec(secret, "HmacSHA256");
        byte[] name = mac(root, "name".getBytes(StandardCharsets.US_ASCII));
        this.nameKey = new SecretKeySpec(Arrays.copyOf(name, TransactionId.BYTES), "AES");
        this.challengeKey = new SecretKeySpec(mac(root, "challenge".getBytes(StandardCharsets.US_ASCII)), "HmacSHA256");
        this.lifetime = requireNonNull(lifetime, "lifetime is null");
        this.random = requireNonNull(random, "random is null");
    }

    /** Begins a session for a card of the issuer, under the certificates of the credential. */
    RspSession begin(TrustedIssuer issuer, ServerCredential credential, Instant now) {
        byte[] fresh = new byte[RANDOM_BYTES];
        random.nextBytes(fresh);
        byte[] plain = ByteBuffer.allocate(TransactionId.BYTES)
                .putInt((int) now.plus(lifetime).getEpochSecond())
                .put(fresh)
                .put(tagOf(issuer.keyId()))
                .put(tagOf(credential.name()))
                .array();
        return session(TransactionId.of(block(Cipher.ENCRYPT_MODE, plain)), issuer.keyId(), credential);
    }

    /**
     * The session with a name.
     *
     * @return empty when this installation did not give the name, or it is over, or its certificates are not in use any more
     */
    public Optional<RspSession> read(TransactionId name, ServerIdentity server, Instant now) {
        byte[] bytes = name.bytes();
        if (bytes.length != TransactionId.BYTES) {
            return Optional.empty();
        }
        ByteBuffer plain = ByteBuffer.wrap(block(Cipher.DECRYPT_MODE, bytes));
        long end = plain.getInt() & UINT32;
        long now32 = now.getEpochSecond() & UINT32;
        if (end <= now32 || end > now32 + lifetime.toSeconds() + APART_SECONDS) {
            return Optional.empty();
        }
        plain.position(plain.position() + RANDOM_BYTES);
        byte[] issuerTag = new byte[TAG_BYTES];
        byte[] credentialTag = new byte[TAG_BYTES];
        plain.get(issuerTag).get(credentialTag);
        // An issuer that is not believed any more is for the proof to refuse, with a reason of its own.
        ByteBuffer issuer = server.issuers().stream()
                .map(TrustedIssuer::keyId)
                .filter(keyId -> Arrays.equals(tagOf(keyId), issuerTag))
                .findFirst()
                .orElse(ByteBuffer.wrap(issuerTag));
        Optional<ServerCredential> credential = Stream.concat(server.credentials().stream(), server.retired().stream())
                .filter(each -> Arrays.equals(tagOf(each.name()), credentialTag))
                .findFirst();
        return credential.map(shown -> session(name, issuer, shown));
    }

    /** When a session that was read is over. */
    public Instant end(RspSession session) {
        ByteBuffer plain = ByteBuffer.wrap(
                block(Cipher.DECRYPT_MODE, session.transactionId().bytes()));
        return Instant.ofEpochSecond(plain.getInt() & UINT32);
    }

    private RspSession session(TransactionId name, ByteBuffer issuerKeyId, ServerCredential credential) {
        byte[] challenge = Arrays.copyOf(mac(challengeKey, name.bytes()), CHALLENGE_BYTES);
        return new RspSession(name, challenge, issuerKeyId, credential.name(), null);
    }

    private static byte[] tagOf(ByteBuffer name) {
        MessageDigest digest = Sha256.digest();
        digest.update(name.duplicate());
        return Arrays.copyOf(digest.digest(), TAG_BYTES);
    }

    private byte[] block(int mode, byte[] input) {
        try {
            Cipher cipher = BLOCK.get();
            cipher.init(mode, nameKey);
            return cipher.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
    }

    /** One block, each with another content: there is nothing to chain, and no mode hides more. */
    @SuppressWarnings("InsecureCryptoUsage")
    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
    }

    private static Mac hmac() {
        try {
            return Mac.getInstance("HmacSHA256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }

    private static byte[] mac(SecretKey key, byte[] input) {
        try {
            Mac mac = MAC.get();
            mac.init(key);
            return mac.doFinal(input);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }
}
