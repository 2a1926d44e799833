package dev.octroi.rsp.type;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Iccid;
import dev.octroi.rsp.bound.NotificationConfiguration;
import dev.octroi.rsp.bound.NotificationEvent;
import dev.octroi.rsp.bound.ProfileClass;
import dev.octroi.rsp.bound.ProfileIcon;
import dev.octroi.rsp.bound.ProfileMetadata;
import dev.octroi.rsp.bound.ProfileMetadata.PolicyRule;
import dev.octroi.rsp.bound.ProfileOwner;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the profiles of a type beside their content.
 *
 * @param providerName service provider name, at most 32 bytes of UTF-8
 * @param profileName at most 64 bytes of UTF-8
 * @param icon the picture, or null
 * @param profileClass what the profiles are for
 * @param owner the operator
 * @param notices which events cards report to whom, at most 8
 * @param policyRules what the traveller may not do; usually nothing
 * @param protection how they are protected on the way
 * @param downloads packages for new one-time keys, 1 to 1000
 * @param confirmations wrong confirmation codes, 1 to 1000
 */
public record TypeTerms(
        String providerName,
        String profileName,
        @Nullable ProfileIcon icon,
        ProfileClass profileClass,
        ProfileOwner owner,
        List<Notice> notices,
        Set<PolicyRule> policyRules,
        Protection protection,
        int downloads,
        int confirmations) {
    /** Limits of orders of the built-in type, and the default of all others. */
    public static final int DEFAULT_DOWNLOADS = 10;

    /** Wrong confirmation codes of the built-in type, and the default of all others. */
    public static final int DEFAULT_CONFIRMATIONS = 5;

    private static final int MAX_NOTICES = 8;
    private static final int MAX_LIMIT = 1_000;

    /**
     * Events that a card reports.
     *
     * @param events at least one
     * @param address host name of the server, or null for this one
     */
    public record Notice(
            Set<NotificationEvent> events, @Nullable String address) {
        public Notice {
            events = Set.copyOf(events);
            if (events.isEmpty()) {
                throw new IllegalArgumentException("a notification configuration needs events");
            }
        }
    }

    public TypeTerms {
        requireNonNull(protection, "protection is null");
        requireNonNull(owner, "owner is null");
        notices = List.copyOf(notices);
        policyRules = Set.copyOf(policyRules);
        if (notices.size() > MAX_NOTICES) {
            throw new IllegalArgumentException("at most 8 notification configurations");
        }
        if (downloads < 1 || downloads > MAX_LIMIT || confirmations < 1 || confirmations > MAX_LIMIT) {
            throw new IllegalArgumentException("a limit is between 1 and 1000");
        }
    }

    /** Names and an owner, all notifications to this server, session keys. */
    public static TypeTerms simple(String providerName, String profileName, ProfileOwner owner) {
        return new TypeTerms(
                providerName,
                profileName,
                null,
                ProfileClass.OPERATIONAL,
                owner,
                List.of(new Notice(Set.of(NotificationEvent.values()), null)),
                Set.of(),
                Protection.SESSION_KEYS,
                DEFAULT_DOWNLOADS,
                DEFAULT_CONFIRMATIONS);
    }

    /**
     * What a device would get to see of some profile.
     *
     * @throws IllegalArgumentException when the terms allow no metadata that keeps to the standard
     */
    public ProfileMetadata example() {
        return metadata(new Iccid("0".repeat(20)), providerName, profileName, "localhost");
    }

    /**
     * What device and card get to see of one profile.
     *
     * @param ownProviderName the profile's own service provider name
     * @param ownProfileName the profile's own name
     * @param address of this server
     */
    public ProfileMetadata metadata(Iccid iccid, String ownProviderName, String ownProfileName, String address) {
        return new ProfileMetadata(
                iccid,
                ownProviderName,
                ownProfileName,
                icon,
                profileClass,
                notices.stream()
                        .map(notice -> new NotificationConfiguration(
                                notice.events(), notice.address() == null ? address : notice.address()))
                        .toList(),
                owner,
                policyRules);
    }
}
