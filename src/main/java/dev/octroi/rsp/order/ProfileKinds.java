package dev.octroi.rsp.order;

import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.profile.MinimalProfile;
import dev.octroi.rsp.profile.ProfileTemplate;
import java.util.Map;
import java.util.Optional;

/** The kinds of profile that this server can make, each read once. */
public final class ProfileKinds {
    /** The kind that every installation has. */
    public static final String BUILT_IN = "octroi-travel";

    private final Map<String, Kind> kinds;

    /**
     * One kind of profile.
     *
     * @param template the package without subscriber
     * @param owner the operator whose profile it is
     */
    public record Kind(ProfileTemplate template, Plmn owner) {
        /** About what the profile takes on a card, in bytes. */
        int packageBytes() {
            return template.unprotectedBytes();
        }
    }

    /** Kinds by their profile type. */
    public ProfileKinds(Map<String, Kind> kinds) {
        this.kinds = Map.copyOf(kinds);
    }

    /** The minimal profile of one operator, and nothing else. */
    public static ProfileKinds builtIn(String serviceProviderName, Plmn owner) {
        ProfileTemplate template = MinimalProfile.template("Octroi travel profile", serviceProviderName, owner);
        return new ProfileKinds(Map.of(BUILT_IN, new Kind(template, owner)));
    }

    /** The kind with the profile type. */
    public Optional<Kind> find(String profileType) {
        return Optional.ofNullable(kinds.get(profileType));
    }
}
