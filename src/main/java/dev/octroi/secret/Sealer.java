package dev.octroi.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals identifiers and secrets for a column of the database with AES-256-GCM (NIST SP 800-38D).
 *
 * <p>A sealed value is {@code version (1 byte) | kekId (2) | dekId (2) | nonce (12) | ciphertext | tag (16)}: 33 bytes
 * more than the clear one. {@link Aad} is authenticated with it.
 *
 * <p><b>Data keys are derived, not stored</b>: HKDF of the key encryption key, the tenant and the period of 90 days in
 * which the value was sealed. So sealing needs no table, no network and no waiting, each tenant has keys of its own, and a
 * key retires long before the bound on random nonces. The price is paid at erasure: a derived key exists for as long as
 * its key encryption key. To erase one tenant beyond its rows (backups included), {@link Keyring#rotate} and, when the new key
 * seals, seal the rows of all others anew (those that are not {@link #isCurrent}), then {@link Keyring#destroy} the old key: {@code
 * octroi keys} does each.
 *
 * <p>Thread-safe, does not block, about 15 microseconds a value.
 */
public final class Sealer {
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int HEADER_BYTES = 1 + 2 + 2;
    private static final int OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;
    private static final int MAX_CLEAR_BYTES = 1 << 20;
    private static final int MAX_CACHED_KEYS = 8192;
    private static final long DATA_KEY_SECONDS = Duration.ofDays(90).toSeconds();

    /** To look one up takes longer than to seal a short value. */
    private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(() -> {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    });

    private final Keyring keyring;
    private final SecureRandom random;
    private final InstantSource clock;
    private final ConcurrentMap<KeyName, SecretKey> dataKeys = new ConcurrentHashMap<>();

    private record KeyName(int kekId, int tenantId, int dekId) {}

    public Sealer(Keyring keyring, SecureRandom random, InstantSource clock) {
        this.keyring = Objects.requireNonNull(keyring, "keyring");
        this.random = Objects.requireNonNull(random, "random");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /** Seals at most 1 MiB for one place in the database. */
    public byte[] seal(Aad aad, byte[] clear) {
        if (clear.length > MAX_CLEAR_BYTES) {
            throw new IllegalArgumentException("more than 1 MiB to seal");
        }
        assert SealedPlaces.isKnown(aad) : "nothing seals this place anew: " + aad.table() + "." + aad.column();
        Instant now = clock.instant();
        int kekId = keyring.sealingKekId(now);
        int dekId = (int) (now.getEpochSecond() / DATA_KEY_SECONDS) & 0xFFFF;
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        ByteBuffer sealed = ByteBuffer.allocate(OVERHEAD_BYTES + clear.length)
                .put(VERSION)
                .putShort((short) kekId)
                .putShort((short) dekId)
                .put(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, dataKey(kekId, aad.tenantId(), dekId), nonce);
            cipher.updateAAD(aad.bytes());
            cipher.doFinal(ByteBuffer.wrap(clear), sealed);
            return sealed.array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    /** Seals a text as UTF-8. */
    public byte[] sealText(Aad aad, String clear) {
        return seal(aad, clear.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Opens what was sealed for the same place.
     *
     * @throws SealBrokenException when it was altered, moved, or its key was destroyed
     */
    public byte[] open(Aad aad, byte[] sealed) {
        if (sealed.length < OVERHEAD_BYTES || sealed[0] != VERSION) {
            throw new SealBrokenException("not a sealed value");
        }
        ByteBuffer in = ByteBuffer.wrap(sealed, 1, sealed.length - 1);
        int kekId = Short.toUnsignedInt(in.getShort());
        int dekId = Short.toUnsignedInt(in.getShort());
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(nonce);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, dataKey(kekId, aad.tenantId(), dekId), nonce);
            cipher.updateAAD(aad.bytes());
            return cipher.doFinal(sealed, HEADER_BYTES + NONCE_BYTES, sealed.length - HEADER_BYTES - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw new SealBrokenException("sealed value was altered or belongs to another place", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every JDK", e);
        }
    }

    /** Opens a text that was sealed with {@link #sealText}. */
    public String openText(Aad aad, byte[] sealed) {
        return new String(open(aad, sealed), StandardCharsets.UTF_8);
    }

    /** Whether a value is sealed under the key encryption key that seals now; if not, seal it anew. */
    public boolean isCurrent(byte[] sealed) {
        return sealed.length >= OVERHEAD_BYTES
                && Short.toUnsignedInt(ByteBuffer.wrap(sealed).getShort(1)) == sealingKekId();
    }

    /** The id of the key encryption key that seals now. */
    public int sealingKekId() {
        return keyring.sealingKekId(clock.instant());
    }

    private SecretKey dataKey(int kekId, int tenantId, int dekId) {
        KeyName name = new KeyName(kekId, tenantId, dekId);
        SecretKey kek = keyring.kek(kekId);
        if (kek == null) {
            throw new SealBrokenException("the key of this value was destroyed");
        }
        SecretKey cached = dataKeys.get(name);
        if (cached != null) {
            return cached;
        }
        SecretKey derived = Derivation.derive(kek, "AES", "data|" + tenantId + "|" + dekId);
        if (dataKeys.size() >= MAX_CACHED_KEYS) {
            // Deriving again costs microseconds: forgetting all is cheaper than keeping an order of use.
            dataKeys.clear();
        }
        dataKeys.put(name, derived);
        return derived;
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = CIPHER.get();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        return cipher;
    }
}
