package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * A call of an operator on ES2+.
 *
 * @param tenantId the tenant that the certificate stands for
 * @param operatorId the partner, who owns what it orders and hears of the progress
 * @param profileTypes the types that it may order; empty: all
 * @param identifier the {@code functionCallIdentifier}: the same when the call is sent again
 * @param content everything else of the request, in one form for the same request
 */
public record OperatorCall(int tenantId, long operatorId, Set<String> profileTypes, String identifier, String content) {
    public OperatorCall {
        profileTypes = Set.copyOf(profileTypes);
        requireNonNull(identifier, "identifier is null");
        requireNonNull(content, "content is null");
    }

    boolean mayOrder(String profileType) {
        return profileTypes.isEmpty() || profileTypes.contains(profileType);
    }

    /** Whether a profile is the caller's, or nobody's in particular. */
    boolean owns(ProfileRow profile) {
        long owner = profile.limits().operatorId();
        return owner == 0 || owner == operatorId;
    }

    /** Nothing of the content. */
    @Override
    public String toString() {
        return "OperatorCall[" + tenantId + ", " + operatorId + "]";
    }
}
