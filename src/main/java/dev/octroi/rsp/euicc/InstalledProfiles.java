package dev.octroi.rsp.euicc;

import dev.octroi.rsp.asn1.MalformedTlvException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The profiles on the card; at most one is enabled. */
final class InstalledProfiles {
    private static final String AID_PREFIX = "a0000005591010ffffffff890000";
    private static final int FIRST_AID = 0x1100;

    private final Map<String, Entry> byIccid = new LinkedHashMap<>();

    /**
     * A profile with what its metadata asks of the card.
     *
     * @param ciKeyId the CI under which it was delivered, and under which the card speaks of it
     */
    record Entry(ProfileMetadata metadata, CardProfile profile, String ciKeyId) {
        Entry enabled(boolean enabled) {
            CardProfile p = profile;
            return new Entry(
                    metadata,
                    new CardProfile(
                            p.iccid(),
                            p.aid(),
                            enabled,
                            p.serviceProvider(),
                            p.profileName(),
                            p.sizeBytes(),
                            p.smdpOid()),
                    ciKeyId);
        }
    }

    /** The profiles of a stored card. */
    static InstalledProfiles of(List<CardState.StoredProfile> stored) {
        InstalledProfiles profiles = new InstalledProfiles();
        for (CardState.StoredProfile profile : stored) {
            try {
                profiles.add(
                        ProfileMetadata.read(CardState.decode(profile.metadata())),
                        profile.aid(),
                        profile.enabled(),
                        profile.sizeBytes(),
                        profile.smdpOid(),
                        profile.ciKeyId());
            } catch (MalformedTlvException | CardRefusal e) {
                throw new IllegalArgumentException("not the profile of a card", e);
            }
        }
        return profiles;
    }

    List<CardState.StoredProfile> toStored() {
        return entries().stream()
                .map(entry -> new CardState.StoredProfile(
                        CardState.encode(entry.metadata().element()),
                        entry.profile().aid(),
                        entry.profile().enabled(),
                        entry.profile().sizeBytes(),
                        entry.profile().smdpOid(),
                        entry.ciKeyId()))
                .toList();
    }

    void add(ProfileMetadata metadata, String aid, boolean enabled, int sizeBytes, String smdpOid, String ciKeyId) {
        CardProfile profile = new CardProfile(
                metadata.iccid(), aid, enabled, metadata.serviceProvider(), metadata.profileName(), sizeBytes, smdpOid);
        byIccid.put(metadata.iccid(), new Entry(metadata, profile, ciKeyId));
    }

    /** The lowest AID of an ISD-P that no profile has. */
    String freeAid() {
        List<String> taken = entries().stream().map(e -> e.profile().aid()).toList();
        int number = FIRST_AID;
        while (taken.contains(aid(number))) {
            number += 0x100;
        }
        return aid(number);
    }

    private static String aid(int number) {
        return AID_PREFIX + "%04x".formatted(number);
    }

    void replace(Entry entry) {
        byIccid.put(entry.profile().iccid(), entry);
    }

    void remove(String iccid) {
        byIccid.remove(iccid);
    }

    Optional<Entry> find(String iccid) {
        return Optional.ofNullable(byIccid.get(iccid));
    }

    Optional<Entry> enabled() {
        return byIccid.values().stream().filter(e -> e.profile().enabled()).findFirst();
    }

    List<Entry> entries() {
        return new ArrayList<>(byIccid.values());
    }

    int usedBytes() {
        return byIccid.values().stream().mapToInt(e -> e.profile().sizeBytes()).sum();
    }
}
