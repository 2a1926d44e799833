package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.ObjectId;
import dev.octroi.rsp.asn1.Tlv;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An eUICC in software, with the functions of ES10b and ES10c (SGP.22 v2.5 §5.7) that an LPA calls. It checks what a
 * real card checks; and since it has a clock, the validity of certificates too. One download at a time; the methods
 * may be called from several threads.
 */
public final class VirtualEuicc {
    private static final int OK = 0;
    private static final int NOT_FOUND = 1;
    private static final int WRONG_STATE = 2;
    private static final int DISALLOWED_BY_POLICY = 3;

    private final String eid;
    private final CardFacts facts;
    private final List<CardIdentity> identities;
    private final InstalledProfiles profiles = new InstalledProfiles();
    private final NotificationQueue notifications;
    private final InstantSource clock;
    private final SecureRandom random;

    private @Nullable CardSession session;
    private @Nullable KeyPair unusedKeys;
    private @Nullable String lastRefusal;

    /** Continues a card from its state. */
    public VirtualEuicc(CardState state, InstantSource clock, SecureRandom random) {
        this.eid = state.eid();
        this.facts = state.facts();
        this.identities =
                state.identities().stream().map(StoredIdentity::toIdentity).toList();
        this.clock = requireNonNull(clock, "clock is null");
        this.random = requireNonNull(random, "random is null");
        this.notifications = new NotificationQueue(
                state.notifications().stream()
                        .map(CardState.StoredNotification::toPending)
                        .toList(),
                state.lastSequenceNumber());
        for (CardState.StoredProfile stored : state.profiles()) {
            try {
                ProfileMetadata metadata = ProfileMetadata.read(CardState.decode(stored.metadata()));
                profiles.add(
                        metadata,
                        stored.aid(),
                        stored.enabled(),
                        stored.sizeBytes(),
                        stored.smdpOid(),
                        stored.ciKeyId());
            } catch (MalformedTlvException | CardRefusal e) {
                throw new IllegalArgumentException("not the state of a card", e);
            }
        }
    }

    /**
     * Makes a new card with the certificates of one or more test PKIs (one for each curve).
     *
     * @param eid 32 digits, such as from {@link dev.octroi.pki.gsma.GsmaEid#test}
     */
    public static VirtualEuicc create(
            List<GsmaTestPki> pkis, String eid, CardFacts facts, InstantSource clock, SecureRandom random) {
        if (!eid.matches("[0-9]{32}")) {
            throw new IllegalArgumentException("an EID has 32 digits");
        }
        List<StoredIdentity> identities = pkis.stream()
                .map(pki -> CardIdentity.issuedBy(pki, eid).toStored())
                .toList();
        return new VirtualEuicc(new CardState(eid, facts, identities, List.of(), List.of(), 0), clock, random);
    }

    /**
     * Makes a new card with certificates and key from elsewhere, such as those of SGP.26.
     *
     * @param identity as from {@link CardFiles#read}
     */
    public static VirtualEuicc create(
            StoredIdentity identity, CardFacts facts, InstantSource clock, SecureRandom random) {
        String eid = identity.toIdentity().eid();
        return new VirtualEuicc(new CardState(eid, facts, List.of(identity), List.of(), List.of(), 0), clock, random);
    }

    /** Makes a new card of the usual kind. */
    public static VirtualEuicc create(GsmaTestPki pki, String eid, InstantSource clock, SecureRandom random) {
        return create(List.of(pki), eid, CardFacts.standard(), clock, random);
    }

    /** What to keep while the card has no power. */
    public synchronized CardState state() {
        return new CardState(
                eid,
                facts,
                identities.stream().map(CardIdentity::toStored).toList(),
                profiles.entries().stream()
                        .map(entry -> new CardState.StoredProfile(
                                CardState.encode(entry.metadata().element()),
                                entry.profile().aid(),
                                entry.profile().enabled(),
                                entry.profile().sizeBytes(),
                                entry.profile().smdpOid(),
                                entry.ciKeyId()))
                        .toList(),
                notifications.pending().stream()
                        .map(CardState.StoredNotification::of)
                        .toList(),
                notifications.lastSequenceNumber());
    }

    /** The 32 digits. */
    public String eid() {
        return eid;
    }

    /** What the card and its device say of themselves. */
    public CardFacts facts() {
        return facts;
    }

    /** The certificates (DER) of the CIs that the card trusts, which its LPA trusts for TLS. */
    public List<byte[]> ciCertificates() {
        return identities.stream()
                .map(identity -> identity.ciCertificate().raw())
                .toList();
    }

    /** Why the card refused last, in words; for people who look for a mistake in a server. */
    public synchronized Optional<String> lastRefusal() {
        return Optional.ofNullable(lastRefusal);
    }

    /** ES10b.GetEUICCInfo: EUICCInfo1 (BF20). */
    public Tlv euiccInfo1() {
        return facts.info1(identities);
    }

    /** ES10b.GetEUICCInfo: EUICCInfo2 (BF22). */
    public synchronized Tlv euiccInfo2() {
        return info2();
    }

    /** ES10b.GetEUICCChallenge: 16 random bytes, which begin a new session. */
    public synchronized byte[] euiccChallenge() {
        byte[] challenge = new byte[16];
        random.nextBytes(challenge);
        session = new CardSession(challenge);
        lastRefusal = null;
        return challenge.clone();
    }

    /** ES10b.AuthenticateServer: BF38 in, BF38 out; an error of the card is an answer too. */
    public synchronized Tlv authenticateServer(Tlv request) {
        return new AuthenticateServer(this).answer(request, session);
    }

    /** ES10b.PrepareDownload: BF21 in, BF21 out; an error of the card is an answer too. */
    public synchronized Tlv prepareDownload(Tlv request) {
        return new PrepareDownload(this).answer(request, session);
    }

    /**
     * ES10b.LoadBoundProfilePackage: one segment as the LPA cuts them (SGP.22 v2.5 §2.5.5).
     *
     * @return the ProfileInstallationResult (BF37) after the last segment or after a refusal
     */
    public synchronized Optional<PendingNotification> loadSegment(byte[] segment) {
        CardSession current = session;
        if (current == null || current.authenticated == null || current.prepared == null) {
            lastRefusal = "no download was prepared";
            return Optional.empty();
        }
        BoundPackageReader reader = current.reader;
        if (reader == null) {
            reader = new BoundPackageReader(this, current.authenticated, current.prepared);
            current.reader = reader;
        }
        ProfileInstaller installer = new ProfileInstaller(this, profiles, notifications);
        try {
            Optional<ProfilePackage> complete = reader.accept(segment);
            if (complete.isEmpty()) {
                return Optional.empty();
            }
            PendingNotification result = installer.install(reader, current.authenticated);
            endSession();
            return Optional.of(result);
        } catch (CardRefusal refusal) {
            setLastRefusal(refusal);
            PendingNotification result = installer.refuse(reader, current.authenticated, refusal);
            endSession();
            return Optional.of(result);
        }
    }

    /**
     * ES10b.CancelSession: BF41.
     *
     * @param reason endUserRejection 0, postponed 1, timeout 2, pprNotAllowed 3, metadataMismatch 4,
     *     loadBppExecutionError 5, undefinedReason 127
     */
    public synchronized Tlv cancelSession(byte[] transactionId, int reason) {
        CardSession current = session;
        if (current == null
                || current.authenticated == null
                || !Arrays.equals(current.authenticated.transactionId().value(), transactionId)) {
            return Tlv.constructed(0xBF41, Tlv.integer(0x81, 5));
        }
        CardSession.Authenticated server = current.authenticated;
        Tlv signed = Tlv.constructed(
                0x30,
                server.transactionId(),
                Tlv.of(0x81, new ObjectId(server.serverOid()).bytes()),
                Tlv.integer(0x82, reason));
        Tlv signature = Tlv.of(0x5F37, sign(server.identity(), signed.raw()));
        session = null;
        return Tlv.constructed(0xBF41, Tlv.constructed(0xA0, signed, signature));
    }

    /** ES10c.GetProfilesInfo. */
    public synchronized List<CardProfile> profiles() {
        return profiles.entries().stream().map(InstalledProfiles.Entry::profile).toList();
    }

    /** ES10b.RetrieveNotificationsList: oldest first. */
    public synchronized List<PendingNotification> notifications() {
        return notifications.pending();
    }

    /** ES10b.RemoveNotificationFromList: whether there was one. */
    public synchronized boolean removeNotification(int sequenceNumber) {
        return notifications.remove(sequenceNumber);
    }

    /** ES10c.EnableProfile; the profile that was enabled is disabled first. 0 is success. */
    public synchronized int enable(String iccid) {
        Optional<InstalledProfiles.Entry> wanted = profiles.find(iccid);
        if (wanted.isEmpty()) {
            return NOT_FOUND;
        }
        if (wanted.get().profile().enabled()) {
            return WRONG_STATE;
        }
        Optional<InstalledProfiles.Entry> before = profiles.enabled();
        if (before.isPresent()) {
            int result = disable(before.get().profile().iccid());
            if (result != OK) {
                return result;
            }
        }
        profiles.replace(wanted.get().enabled(true));
        tell(CardEvent.ENABLE, wanted.get());
        return OK;
    }

    /** ES10c.DisableProfile. 0 is success. */
    public synchronized int disable(String iccid) {
        Optional<InstalledProfiles.Entry> wanted = profiles.find(iccid);
        if (wanted.isEmpty()) {
            return NOT_FOUND;
        }
        if (!wanted.get().profile().enabled()) {
            return WRONG_STATE;
        }
        if (!wanted.get().metadata().mayDisable()) {
            return DISALLOWED_BY_POLICY;
        }
        profiles.replace(wanted.get().enabled(false));
        tell(CardEvent.DISABLE, wanted.get());
        return OK;
    }

    /** ES10c.DeleteProfile, of a disabled profile. 0 is success. */
    public synchronized int delete(String iccid) {
        Optional<InstalledProfiles.Entry> wanted = profiles.find(iccid);
        if (wanted.isEmpty()) {
            return NOT_FOUND;
        }
        if (wanted.get().profile().enabled()) {
            return WRONG_STATE;
        }
        if (!wanted.get().metadata().mayDelete()) {
            return DISALLOWED_BY_POLICY;
        }
        profiles.remove(iccid);
        tell(CardEvent.DELETE, wanted.get());
        return OK;
    }

    private void tell(CardEvent event, InstalledProfiles.Entry entry) {
        CardIdentity identity = identities.stream()
                .filter(candidate -> candidate.trust().subjectKeyId().equals(entry.ciKeyId()))
                .findFirst()
                .orElse(identities.getFirst());
        new ProfileInstaller(this, profiles, notifications).notifyOthers(event, entry.metadata(), identity);
    }

    private void endSession() {
        session = null;
        unusedKeys = null;
    }

    void setLastRefusal(CardRefusal refusal) {
        lastRefusal = refusal.getMessage();
    }

    List<CardIdentity> identities() {
        return identities;
    }

    Instant now() {
        return clock.instant();
    }

    byte[] eidBytes() {
        return HexFormat.of().parseHex(eid);
    }

    Tlv info2() {
        return facts.info2(identities, profiles.entries().size(), freeBytes());
    }

    int freeBytes() {
        return Math.max(0, facts.memoryBytes() - profiles.usedBytes());
    }

    byte[] sign(CardIdentity identity, byte[]... parts) {
        return CardCrypto.sign(identity.trust().curve(), identity.privateKey(), random, parts);
    }

    /** One-time keys: those of a download that broke off when the server still has a package for them. */
    KeyPair oneTimeKeys(CardCurve curve, Optional<Tlv> boundBefore) {
        KeyPair kept = unusedKeys;
        if (kept != null
                && boundBefore.isPresent()
                && Arrays.equals(
                        CardCrypto.point(kept.getPublic()), boundBefore.get().value())) {
            return kept;
        }
        KeyPair made = CardCrypto.newKeyPair(curve, random);
        unusedKeys = made;
        return made;
    }

    void requireRoomFor(ProfileMetadata metadata) throws CardRefusal {
        if (profiles.find(metadata.iccid()).isPresent()) {
            throw new CardRefusal(ErrorReason.ICCID_ALREADY_EXISTS, "the profile is on the card already");
        }
    }

    /** Nothing of the card's number. */
    @Override
    public String toString() {
        return "VirtualEuicc[" + profiles().size() + " profiles]";
    }
}
