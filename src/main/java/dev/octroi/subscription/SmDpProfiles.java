package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.order.CardPresence;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ProfileStatus;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.secret.Sensitive;
import dev.octroi.smdp.BuiltInSmDp;
import dev.octroi.smdp.ProfileRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** Profiles of subscriptions from the SM-DP+ within this process. */
public final class SmDpProfiles implements ProfileSource {
    private final BuiltInSmDp smdp;
    private final Profiles profiles;
    private final String smdpAddress;
    private final String providerName;

    /**
     * @param smdpAddress as activation codes carry it
     * @param providerName who the phone says the profile is from, at most 32 bytes of UTF-8
     */
    public SmDpProfiles(BuiltInSmDp smdp, Profiles profiles, String smdpAddress, String providerName) {
        this.smdp = requireNonNull(smdp, "smdp is null");
        this.profiles = requireNonNull(profiles, "profiles is null");
        this.smdpAddress = requireNonNull(smdpAddress, "smdpAddress is null");
        this.providerName = requireNonNull(providerName, "providerName is null");
    }

    @Override
    public Future<Identity> order(SqlConnection connection, int tenantId, long profileId, String name) {
        return smdp.order(connection, ProfileRequest.simple(tenantId, profileId, providerName, name))
                .map(ordered -> new Identity(ordered.iccid(), ordered.imsi()));
    }

    @Override
    public Future<Optional<SubscriptionProfile>> find(SqlConnection connection, int tenantId, long profileId) {
        return profiles.find(connection, tenantId, profileId).map(found -> found.map(this::profile));
    }

    private SubscriptionProfile profile(ProfileRow row) {
        // A profile that a reseller ordered always has one; one that was made for a single card has none.
        String matchingId = profiles.matchingId(row).map(Sensitive::reveal).orElse("");
        return new SubscriptionProfile(
                profiles.iccid(row).map(iccid -> iccid.digits()),
                state(row.status()),
                new ActivationCode(smdpAddress, matchingId, row.needsConfirmation()));
    }

    /** What the card says of a profile, once it says anything, is nearer to the traveller than what the server knows. */
    private static String state(ProfileStatus status) {
        CardPresence presence = status.presence();
        return presence == CardPresence.ENABLED || presence == CardPresence.DELETED
                ? presence.text()
                : status.state().text();
    }
}
