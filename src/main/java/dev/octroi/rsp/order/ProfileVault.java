package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.asn1.Imsi;
import dev.octroi.rsp.bound.BspKeys;
import dev.octroi.rsp.profile.Subscriber;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.secret.Aad;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.IdentifierKind;
import dev.octroi.secret.Sealer;
import dev.octroi.secret.Sensitive;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Seals and opens what must not be in clear in the database. Thread-safe; some 15 microseconds a value. */
public final class ProfileVault {
    private static final String TABLE = "profile";

    private final Sealer sealer;
    private final BlindIndex index;

    /** A vault with the keys of this installation. */
    public ProfileVault(Sealer sealer, BlindIndex index) {
        this.sealer = requireNonNull(sealer, "sealer is null");
        this.index = requireNonNull(index, "index is null");
    }

    byte[] sealIccid(int tenantId, long id, Iccid iccid) {
        return sealer.sealText(aad(tenantId, id, "iccid_sealed"), iccid.digits());
    }

    byte[] sealImsi(int tenantId, long id, Imsi imsi) {
        return sealer.sealText(aad(tenantId, id, "imsi_sealed"), imsi.digits());
    }

    byte[] sealMatchingId(int tenantId, long id, String matchingId) {
        return sealer.sealText(aad(tenantId, id, "matching_sealed"), matchingId);
    }

    byte[] sealConfirmation(int tenantId, long id, byte[] codeHash) {
        return sealer.seal(aad(tenantId, id, "confirmation_sealed"), codeHash);
    }

    byte[] sealKeys(int tenantId, long id, SubscriberKeys keys) {
        return sealer.seal(keyAad(tenantId, id), keys.encode());
    }

    SubscriberKeys openKeys(ProfileRow row, byte[] sealed) {
        byte[] clear = sealer.open(keyAad(row.tenantId(), row.id()), sealed);
        return SubscriberKeys.decode(clear, row.origin().isMadeHere());
    }

    byte[] sealProtection(ProfileRow row, BspKeys keys) {
        byte[] all = ByteBuffer.allocate(3 * BspKeys.KEY_BYTES)
                .put(keys.macChaining())
                .put(keys.enc())
                .put(keys.mac())
                .array();
        return sealer.seal(protectionAad(row), all);
    }

    BspKeys openProtection(ProfileRow row, byte[] sealed) {
        byte[] all = sealer.open(protectionAad(row), sealed);
        int length = BspKeys.KEY_BYTES;
        return new BspKeys(
                Arrays.copyOf(all, length),
                Arrays.copyOfRange(all, length, 2 * length),
                Arrays.copyOfRange(all, 2 * length, 3 * length));
    }

    /** Types of profiles, whose packages are sealed with the same keys. */
    public ProfileTypeStore types() {
        return new ProfileTypeStore(sealer);
    }

    ProfileStatus.CardReference card(int tenantId, long id, Eid eid, boolean reserved) {
        byte[] sealed = sealer.sealText(aad(tenantId, id, "eid_sealed"), eid.digits());
        return new ProfileStatus.CardReference(eidIndex(eid), sealed, reserved);
    }

    /** The card of a step, for whoever tells an operator of it. */
    byte[] sealToldCard(int tenantId, long id, Eid eid) {
        return sealer.sealText(OutboxRow.cardPlace(tenantId, id), eid.digits());
    }

    byte[] sealNotification(int tenantId, byte[] eidIndex, long sequence, byte[] raw) {
        return sealer.seal(notificationAad(tenantId, eidIndex, sequence), raw);
    }

    byte[] sealPackage(ProfileRow row, byte[] bound) {
        return sealer.seal(Aad.of(row.tenantId(), "rsp_package", "package", row.id()), bound);
    }

    byte[] openPackage(ProfileRow row, byte[] sealed) {
        return sealer.open(Aad.of(row.tenantId(), "rsp_package", "package", row.id()), sealed);
    }

    byte[] sealSession(String transactionId, byte[] state) {
        return sealer.seal(new Aad(0, "rsp_session", "state_sealed", transactionId), state);
    }

    byte[] openSession(String transactionId, byte[] sealed) {
        return sealer.open(new Aad(0, "rsp_session", "state_sealed", transactionId), sealed);
    }

    /** The number of the profile. */
    public Iccid iccid(ProfileRow row) {
        return new Iccid(sealer.openText(
                aad(row.tenantId(), row.id(), "iccid_sealed"), row.sealed().iccid()));
    }

    /** The number of the subscriber, when the profile was made here. */
    public Optional<Sensitive<String>> imsi(ProfileRow row) {
        byte @Nullable [] sealed = row.sealed().imsi();
        return sealed == null
                ? Optional.empty()
                : Optional.of(Sensitive.of(sealer.openText(aad(row.tenantId(), row.id(), "imsi_sealed"), sealed)));
    }

    /** The matching id, when there is one. */
    public Optional<Sensitive<String>> matchingId(ProfileRow row) {
        byte @Nullable [] sealed = row.sealed().matchingId();
        return sealed == null
                ? Optional.empty()
                : Optional.of(Sensitive.of(sealer.openText(aad(row.tenantId(), row.id(), "matching_sealed"), sealed)));
    }

    /** The card that reserved or fetched the profile. */
    public Optional<Eid> eid(ProfileRow row) {
        ProfileStatus.CardReference card = row.status().card();
        return card == null
                ? Optional.empty()
                : Optional.of(new Eid(sealer.openText(aad(row.tenantId(), row.id(), "eid_sealed"), card.sealed())));
    }

    Optional<byte[]> confirmation(ProfileRow row) {
        byte @Nullable [] sealed = row.sealed().confirmation();
        return sealed == null
                ? Optional.empty()
                : Optional.of(sealer.open(aad(row.tenantId(), row.id(), "confirmation_sealed"), sealed));
    }

    Subscriber subscriber(ProfileRow row, byte[] sealedKeys) {
        SubscriberKeys keys = openKeys(row, sealedKeys);
        Imsi imsi = new Imsi(imsi(row).orElseThrow().reveal());
        return new Subscriber(iccid(row), imsi, keys.k(), keys.opc(), keys.codes());
    }

    byte[] openNotification(int tenantId, byte[] eidIndex, long sequence, byte[] sealed) {
        return sealer.open(notificationAad(tenantId, eidIndex, sequence), sealed);
    }

    ByteBuffer eidIndex(Eid eid) {
        return ByteBuffer.wrap(eidHash(eid));
    }

    byte[] eidHash(Eid eid) {
        return index.network(IdentifierKind.EID, eid.digits());
    }

    byte[] iccidIndex(Iccid iccid) {
        return index.network(IdentifierKind.ICCID, iccid.digits());
    }

    byte[] imsiIndex(Imsi imsi) {
        return index.network(IdentifierKind.IMSI, imsi.digits());
    }

    /** 16 bytes for the names of sessions, the same in all gateways of this installation. */
    byte[] sessionKey() {
        return index.network(IdentifierKind.TOKEN, "names of rsp sessions");
    }

    /** The keyed hash of a call on ES2+, or of what it asks for. */
    byte[] callHash(String text) {
        return index.network(IdentifierKind.TOKEN, text);
    }

    byte[] matchingIndex(String matchingId) {
        return index.network(IdentifierKind.MATCHING_ID, matchingId);
    }

    private static Aad aad(int tenantId, long id, String column) {
        return Aad.of(tenantId, TABLE, column, id);
    }

    private static Aad protectionAad(ProfileRow row) {
        return new Aad(
                row.tenantId(),
                "rsp_protected",
                "keys_sealed",
                row.id() + "|" + row.origin().orderNo());
    }

    private static Aad keyAad(int tenantId, long id) {
        return Aad.of(tenantId, "profile_key", "keys_sealed", id);
    }

    private static Aad notificationAad(int tenantId, byte[] eidIndex, long sequence) {
        String key = HexFormat.of().formatHex(eidIndex) + "|" + sequence;
        return new Aad(tenantId, "rsp_notification", "raw_sealed", key);
    }
}
