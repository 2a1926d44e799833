package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import dev.octroi.pki.gsma.GsmaTestPki;
import dev.octroi.rsp.asn1.Tlv;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
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
    private final String eid;
    private final CardFacts facts;
    private final List<CardIdentity> identities;
    private final InstalledProfiles profiles;
    private final NotificationQueue notifications;
    private final OneTimeKeys oneTimeKeys;
    private final InstantSource clock;
    private final SecureRandom random;

    private @Nullable CardSession session;
    private @Nullable String lastRefusal;

    /**
     * Continues a card from its state.
     *
     * @throws IllegalArgumentException when it is not the state of a card
     */
    public VirtualEuicc(CardState state, InstantSource clock, SecureRandom random) {
        this.eid = state.eid();
        this.facts = state.facts();
        this.identities =
                state.identities().stream().map(StoredIdentity::toIdentity).toList();
        if (!eid.matches("[0-9]{32}") || identities.isEmpty()) {
            throw new IllegalArgumentException("a card has an EID of 32 digits and at least one CI");
        }
        this.clock = requireNonNull(clock, "clock is null");
        this.random = requireNonNull(random, "random is null");
        this.notifications = NotificationQueue.of(state);
        this.profiles = InstalledProfiles.of(state.profiles());
        this.oneTimeKeys = new OneTimeKeys(state.oneTimeKeys());
    }

    /**
     * Makes a new card with the certificates of one or more test PKIs (one for each curve), the preferred first.
     *
     * @param eid 32 digits, such as from {@link dev.octroi.pki.gsma.GsmaEid#test}
     */
    public static VirtualEuicc create(
            List<GsmaTestPki> pkis, String eid, CardFacts facts, InstantSource clock, SecureRandom random) {
        List<StoredIdentity> identities = pkis.stream()
                .map(pki -> CardIdentity.issuedBy(pki, eid).toStored())
                .toList();
        return new VirtualEuicc(CardState.fresh(eid, facts, identities), clock, random);
    }

    /**
     * Makes a new card with certificates and key from elsewhere, such as those of SGP.26.
     *
     * @param identity as from {@link CardFiles#read}
     */
    public static VirtualEuicc create(
            StoredIdentity identity, CardFacts facts, InstantSource clock, SecureRandom random) {
        String eid = identity.toIdentity().eid();
        return new VirtualEuicc(CardState.fresh(eid, facts, List.of(identity)), clock, random);
    }

    /** Makes a new card of the usual kind. */
    public static VirtualEuicc create(GsmaTestPki pki, String eid, InstantSource clock, SecureRandom random) {
        return create(List.of(pki), eid, CardFacts.standard(), clock, random);
    }

    /** What to keep while the card has no power. */
    public synchronized CardState state() {
        return new CardState(
                CardState.VERSION,
                eid,
                facts,
                identities.stream().map(CardIdentity::toStored).toList(),
                profiles.toStored(),
                notifications.toStored(),
                notifications.lastSequenceNumber(),
                oneTimeKeys.toStored());
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
            if (reader.accept(segment).isEmpty()) {
                return Optional.empty();
            }
            PendingNotification result = installer.install(reader, current.authenticated);
            oneTimeKeys.erase(current.prepared.oneTimeKeys());
            session = null;
            return Optional.of(result);
        } catch (CardRefusal refusal) {
            setLastRefusal(refusal);
            session = null;
            return Optional.of(installer.refuse(reader, current.authenticated, refusal));
        }
    }

    /**
     * ES10b.CancelSession: BF41.
     *
     * @param reason endUserRejection 0, postponed 1, timeout 2, pprNotAllowed 3, metadataMismatch 4,
     *     loadBppExecutionError 5, undefinedReason 127
     */
    public synchronized Tlv cancelSession(byte[] transactionId, int reason) {
        Tlv answer = new SessionCancellation(this).answer(session, transactionId, reason);
        if (SessionCancellation.ends(answer)) {
            session = null;
        }
        return answer;
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
        return management().enable(iccid);
    }

    /** ES10c.DisableProfile. 0 is success. */
    public synchronized int disable(String iccid) {
        return management().disable(iccid);
    }

    /** ES10c.DeleteProfile, of a disabled profile. 0 is success. */
    public synchronized int delete(String iccid) {
        return management().delete(iccid);
    }

    private ProfileManagement management() {
        return new ProfileManagement(profiles, new ProfileInstaller(this, profiles, notifications), identities);
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

    InstallRules installRules() {
        return new InstallRules(facts, profiles);
    }

    byte[] sign(CardIdentity identity, byte[]... parts) {
        return CardCrypto.sign(identity.trust().curve(), identity.privateKey(), random, parts);
    }

    /** One-time keys: those of a download that broke off when the server still has a package for them. */
    KeyPair oneTimeKeys(CardCurve curve, Optional<Tlv> boundBefore) {
        return oneTimeKeys.take(curve, boundBefore, random);
    }

    /** Nothing of the card's number. */
    @Override
    public String toString() {
        return "VirtualEuicc[" + profiles().size() + " profiles]";
    }
}
