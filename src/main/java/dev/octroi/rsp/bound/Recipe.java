package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import dev.octroi.secret.Sha256;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * What it takes to make a package again that was encrypted with session keys, byte for byte: all else of it follows from
 * the profile's metadata and content. Some 300 bytes for a package of any length.
 *
 * @param opening the element BF23, signed for one session
 * @param keys the session keys
 * @param digest SHA-256 of the package, so that a profile that has changed is noticed
 */
@SuppressWarnings("ArrayRecordComponent")
public record Recipe(Tlv opening, BspKeys keys, byte[] digest) {
    private static final int TAG = 0xE0;

    public Recipe {
        requireNonNull(opening, "opening is null");
        requireNonNull(keys, "keys is null");
        requireNonNull(digest, "digest is null");
    }

    static Recipe of(byte[] bound, Tlv opening, BspKeys keys) {
        return new Recipe(opening, keys, Sha256.of(bound));
    }

    /**
     * Makes the package again.
     *
     * @param metadata the element BF25
     * @param unprotected the profile
     * @return empty when it would be another one than it was
     */
    public Optional<BoundPackage> make(Tlv metadata, byte[] unprotected) {
        byte[] bound = Binding.encrypted(opening, keys, metadata, unprotected);
        return MessageDigest.isEqual(digest, Sha256.of(bound))
                ? Optional.of(new BoundPackage(bound, this))
                : Optional.empty();
    }

    /** A form to be stored; holds keys, so it is to be sealed. */
    public byte[] encode() {
        return Tlv.constructed(
                        TAG,
                        opening,
                        Tlv.of(0x80, keys.macChaining()),
                        Tlv.of(0x81, keys.enc()),
                        Tlv.of(0x82, keys.mac()),
                        Tlv.of(0x83, digest))
                .raw();
    }

    /**
     * Reads the form of {@link #encode()}.
     *
     * @return empty when the bytes are a package themselves
     * @throws MalformedTlvException when they are neither
     */
    public static Optional<Recipe> decode(byte[] kept) throws MalformedTlvException {
        Tlv tlv = Tlv.parse(kept, TlvLimits.PACKAGE);
        if (tlv.tag() == Binding.TAG) {
            return Optional.empty();
        }
        Tlv recipe = tlv.expect(TAG);
        return Optional.of(new Recipe(
                recipe.require(0xBF23),
                new BspKeys(
                        recipe.require(0x80).value(),
                        recipe.require(0x81).value(),
                        recipe.require(0x82).value()),
                recipe.require(0x83).value()));
    }

    /** Nothing of keys and identifiers. */
    @Override
    public String toString() {
        return "Recipe[hidden]";
    }
}
