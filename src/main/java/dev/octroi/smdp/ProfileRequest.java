package dev.octroi.smdp;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.secret.Sensitive;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A profile is wanted.
 *
 * @param tenantId who orders
 * @param profileId identifier of the profile, on the virtual shard of its subscription
 * @param providerName shown on the device, at most 32 bytes of UTF-8
 * @param profileName shown on the device, at most 64 bytes of UTF-8
 * @param confirmationCode asked for at the download, or null
 * @param eid the only card that may have it, or null for the first that comes
 * @param expiresAt end of the time for downloading, or null
 */
public record ProfileRequest(
        int tenantId,
        long profileId,
        String providerName,
        String profileName,
        @Nullable Sensitive<String> confirmationCode,
        @Nullable Sensitive<Eid> eid,
        @Nullable Instant expiresAt) {
    public ProfileRequest {
        requireNonNull(providerName, "providerName is null");
        requireNonNull(profileName, "profileName is null");
    }

    /** For any card, without code, without end. */
    public static ProfileRequest simple(int tenantId, long profileId, String providerName, String profileName) {
        return new ProfileRequest(tenantId, profileId, providerName, profileName, null, null, null);
    }
}
