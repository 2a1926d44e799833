package dev.octroi.rsp.bound;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.asn1.TlvLimits;
import dev.octroi.rsp.cert.Curve;
import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Binds profiles to one card and one session: makes the BoundProfilePackage (SGP.22 §2.5.4, §5.5).
 *
 * @param curve of the certificate that signs
 * @param signingKey SK.DPpb
 * @param eid of the card
 * @param transactionId of the session, at most 16 bytes
 * @param cardKey otPK.EUICC.ECKA as an uncompressed point
 */
@SuppressWarnings("ArrayRecordComponent")
public record Binding(Curve curve, PrivateKey signingKey, Eid eid, byte[] transactionId, byte[] cardKey) {
    /** Tag of the BoundProfilePackage. */
    static final int TAG = 0xBF36;

    private static final int HOST_ID_BYTES = 8;
    private static final Tlv INSTALL_BOUND_PACKAGE = Tlv.integer(0x82, 1);

    public Binding {
        requireNonNull(curve, "curve is null");
        requireNonNull(signingKey, "signingKey is null");
        requireNonNull(eid, "eid is null");
        requireNonNull(transactionId, "transactionId is null");
        requireNonNull(cardKey, "cardKey is null");
    }

    /**
     * Binds a profile that is encrypted with the session keys.
     *
     * @throws InvalidKeyException when the card's key is no point of the curve
     */
    public BoundPackage bind(Tlv metadata, byte[] unprotected, SecureRandom random) throws InvalidKeyException {
        Opening opening = open(random);
        byte[] bound = encrypted(opening.request, opening.keys, metadata, unprotected);
        return new BoundPackage(bound, Recipe.of(bound, opening.request, opening.keys));
    }

    /** A package follows from its opening, its keys, and what is in it. */
    static byte[] encrypted(Tlv request, BspKeys keys, Tlv metadata, byte[] unprotected) {
        SecureChannel channel = new SecureChannel(keys);
        byte[] configure = channel.encrypt(SecureChannel.TAG_COMMAND, configureIsdp());
        byte[] store = channel.authenticate(SecureChannel.TAG_METADATA, metadata.raw());
        byte[] profile = channel.encrypt(SecureChannel.TAG_PROFILE, unprotected);
        return assemble(request, configure, store, new byte[0], profile);
    }

    /**
     * Binds a profile that was protected ahead of time: only its keys are encrypted with the session keys.
     *
     * @throws InvalidKeyException when the card's key is no point of the curve
     */
    public BoundPackage bind(Tlv metadata, ProtectedProfile profile, SecureRandom random) throws InvalidKeyException {
        Opening opening = open(random);
        SecureChannel channel = new SecureChannel(opening.keys);
        byte[] configure = channel.encrypt(SecureChannel.TAG_COMMAND, configureIsdp());
        byte[] store = channel.authenticate(SecureChannel.TAG_METADATA, metadata.raw());
        BspKeys keys = profile.keys();
        Tlv replace = Tlv.constructed(
                0xBF26, Tlv.of(0x80, keys.macChaining()), Tlv.of(0x81, keys.enc()), Tlv.of(0x82, keys.mac()));
        byte[] replaced = channel.encrypt(SecureChannel.TAG_COMMAND, replace.raw());
        return new BoundPackage(assemble(opening.request, configure, store, replaced, profile.segments()), null);
    }

    /**
     * Repeats a package for the card's same one-time key in a new session: keys and segments stay, the opening names the
     * new session and is signed again.
     *
     * @param previous what was made for this card and key
     * @return the very same when it was made in this session
     * @throws MalformedTlvException when it is no package
     */
    public BoundPackage repeat(BoundPackage previous, SecureRandom random) throws MalformedTlvException {
        Tlv bound = Tlv.parse(previous.bytes(), TlvLimits.PACKAGE).expect(TAG);
        Tlv opening = bound.require(0xBF23);
        if (Arrays.equals(opening.require(0x80).value(), transactionId)) {
            return previous;
        }
        Tlv request = request(opening.require(0xA6), opening.require(0x5F49), random);
        List<Tlv> parts = new ArrayList<>(bound.children());
        parts.set(0, request);
        byte[] repeated = Tlv.constructed(TAG, parts).raw();
        Recipe recipe = previous.recipe();
        return new BoundPackage(repeated, recipe == null ? null : Recipe.of(repeated, request, recipe.keys()));
    }

    private record Opening(Tlv request, BspKeys keys) {}

    private Opening open(SecureRandom random) throws InvalidKeyException {
        ECPublicKey card = curve.key(cardKey).orElseThrow(() -> new InvalidKeyException("no point of the curve"));
        KeyPair own = curve.generate(random);
        byte[] hostId = new byte[HOST_ID_BYTES];
        random.nextBytes(hostId);
        Tlv template = Tlv.constructed(
                0xA6,
                Tlv.of(0x80, new byte[] {BspKeys.KEY_TYPE_AES}),
                Tlv.of(0x81, new byte[] {BspKeys.KEY_BYTES}),
                Tlv.of(0x84, hostId));
        Tlv ownKey = Tlv.of(0x5F49, curve.point((ECPublicKey) own.getPublic()));
        Tlv request = request(template, ownKey, random);
        byte[] secret = curve.agree(own.getPrivate(), card);
        return new Opening(request, BspKeys.derive(secret, hostId, eid));
    }

    private Tlv request(Tlv template, Tlv ownKey, SecureRandom random) {
        Tlv transaction = Tlv.of(0x80, transactionId);
        byte[] signature = curve.sign(
                signingKey,
                random,
                Tlv.concat(INSTALL_BOUND_PACKAGE, transaction, template, ownKey),
                Tlv.of(0x5F49, cardKey).raw());
        return Tlv.constructed(0xBF23, INSTALL_BOUND_PACKAGE, transaction, template, ownKey, Tlv.of(0x5F37, signature));
    }

    private static byte[] configureIsdp() {
        return Tlv.constructed(0xBF24).raw();
    }

    private static byte[] assemble(Tlv request, byte[] configure, byte[] store, byte[] replace, byte[] profile) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(profile.length + store.length + 512);
        body.writeBytes(request.raw());
        write(body, 0xA0, configure);
        write(body, 0xA1, store);
        if (replace.length > 0) {
            write(body, 0xA2, replace);
        }
        write(body, 0xA3, profile);
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.size() + 8);
        write(out, TAG, body.toByteArray());
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int tag, byte[] value) {
        out.writeBytes(Tlv.header(tag, value.length));
        out.writeBytes(value);
    }

    /** Nothing of keys and identifiers. */
    @Override
    public String toString() {
        return "Binding[" + curve + "]";
    }
}
