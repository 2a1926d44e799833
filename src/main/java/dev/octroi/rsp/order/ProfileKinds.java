package dev.octroi.rsp.order;

import dev.octroi.rsp.asn1.Plmn;
import dev.octroi.rsp.bound.ProfileOwner;
import dev.octroi.rsp.profile.MinimalProfile;
import dev.octroi.rsp.profile.ProfileTemplate;
import dev.octroi.rsp.type.ProfileType;
import dev.octroi.rsp.type.TypeTerms;
import java.util.Map;
import java.util.Optional;

/** The kinds of profile that this server can make, each read once. */
public final class ProfileKinds {
    /** The kind that every installation has. */
    public static final String BUILT_IN = "octroi-travel";

    private final Map<String, ProfileType> kinds;

    /** Kinds by their profile type. */
    public ProfileKinds(Map<String, ProfileType> kinds) {
        this.kinds = Map.copyOf(kinds);
    }

    /** The minimal profile of one operator, and nothing else. */
    public static ProfileKinds builtIn(String serviceProviderName, Plmn owner) {
        ProfileTemplate template = MinimalProfile.template("Octroi travel profile", serviceProviderName, owner);
        TypeTerms terms = TypeTerms.simple(serviceProviderName, serviceProviderName, ProfileOwner.of(owner));
        return new ProfileKinds(Map.of(BUILT_IN, new ProfileType(0, 0, BUILT_IN, terms, template)));
    }

    /** The kind with the profile type. */
    public Optional<ProfileType> find(String profileType) {
        return Optional.ofNullable(kinds.get(profileType));
    }
}
