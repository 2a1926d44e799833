package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.Tlv;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One-time key pairs (otPK.EUICC.ECKA) for which a server may hold a package that was not installed yet. When the
 * server offers such a key again the card takes it, and the very same package can be sent (SGP.22 v2.5 §5.7.5).
 */
final class OneTimeKeys {
    private static final int MAX_KEPT = 8;

    private final List<Entry> kept = new ArrayList<>();

    private record Entry(CardCurve curve, KeyPair pair) {
        byte[] point() {
            return CardCrypto.point(pair.getPublic());
        }
    }

    OneTimeKeys(List<CardState.StoredKeys> stored) {
        for (CardState.StoredKeys keys : stored) {
            kept.add(read(keys));
        }
    }

    private static Entry read(CardState.StoredKeys keys) {
        try {
            CardCurve curve = CardCurve.valueOf(keys.curve());
            Base64.Decoder base64 = Base64.getDecoder();
            return new Entry(
                    curve,
                    new KeyPair(
                            CardCrypto.publicKey(curve, base64.decode(keys.point())),
                            CardCrypto.privateKey(curve, base64.decode(keys.privateKey()))));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not the one-time keys of a card", e);
        }
    }

    List<CardState.StoredKeys> toStored() {
        Base64.Encoder base64 = Base64.getEncoder();
        return kept.stream()
                .map(entry -> new CardState.StoredKeys(
                        entry.curve().name(),
                        base64.encodeToString(entry.point()),
                        base64.encodeToString(entry.pair().getPrivate().getEncoded())))
                .toList();
    }

    /** The pair that the server offers, if it is one of these; else a new one, kept from now on. */
    KeyPair take(CardCurve curve, Optional<Tlv> offered, SecureRandom random) {
        for (Entry entry : kept) {
            if (entry.curve() == curve
                    && offered.isPresent()
                    && Arrays.equals(entry.point(), offered.get().value())) {
                return entry.pair();
            }
        }
        KeyPair made = CardCrypto.newKeyPair(curve, random);
        kept.add(new Entry(curve, made));
        if (kept.size() > MAX_KEPT) {
            kept.removeFirst();
        }
        return made;
    }

    /** Erases a pair: its package is installed. */
    void erase(KeyPair used) {
        kept.removeIf(entry -> Arrays.equals(entry.point(), CardCrypto.point(used.getPublic())));
    }
}
