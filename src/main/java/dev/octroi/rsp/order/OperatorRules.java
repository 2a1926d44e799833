package dev.octroi.rsp.order;

import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.secret.Sensitive;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an operator may do with a profile (SGP.22 v2.5 §5.3.1 to §5.3.4): empty when it may, else the refusal. */
final class OperatorRules {
    private static final Pattern MATCHING_ID = Pattern.compile("[0-9A-Z-]{1,200}");
    private static final Pattern HOST = Pattern.compile("[0-9A-Za-z][0-9A-Za-z.-]{0,252}(:[0-9]{1,5})?");

    private final ProfileVault vault;

    OperatorRules(ProfileVault vault) {
        this.vault = vault;
    }

    /** Reserving by number, of a type where one is named beside it. */
    Optional<GsmaStatus> order(ProfileRow profile, OperatorCall call, @Nullable String profileType) {
        if (!call.owns(profile)) {
            return Optional.of(GsmaStatus.ICCID_NOT_OWNED);
        }
        String type = profile.names().profileType();
        if (profileType != null && !profileType.equals(type)) {
            return Optional.of(GsmaStatus.TYPE_REFUSED);
        }
        if (!call.mayOrder(type)) {
            return Optional.of(GsmaStatus.TYPE_NOT_ALLOWED);
        }
        // A profile that a subscription has is never sold twice, whatever became of its order.
        return profile.status().state() == ProfileState.AVAILABLE && !profile.isListenedTo()
                ? Optional.empty()
                : Optional.of(GsmaStatus.ICCID_IN_USE);
    }

    Optional<GsmaStatus> confirm(ProfileRow profile, OperatorCall call, OperatorOrders.Confirmation wanted) {
        if (!call.owns(profile)) {
            return Optional.of(GsmaStatus.ICCID_NOT_OWNED);
        }
        ProfileState state = profile.status().state();
        if (state != ProfileState.ALLOCATED && state != ProfileState.LINKED) {
            return Optional.of(GsmaStatus.ICCID_NOT_ALLOWED);
        }
        ProfileStatus.CardReference linked = profile.status().card();
        if (linked != null && wanted.eid() != null && !isCard(linked, wanted.eid())) {
            return Optional.of(GsmaStatus.EID_MISMATCH);
        }
        return address(wanted, linked != null || wanted.eid() != null);
    }

    private static Optional<GsmaStatus> address(OperatorOrders.Confirmation wanted, boolean hasCard) {
        String server = wanted.discoveryAddress();
        boolean discovery = server != null && !server.isEmpty();
        if (discovery && !HOST.matcher(server).matches()) {
            return Optional.of(GsmaStatus.INVALID_INPUT);
        }
        String matchingId = wanted.matchingId();
        if ((discovery || (matchingId != null && matchingId.isEmpty())) && !hasCard) {
            return Optional.of(GsmaStatus.EID_MISSING);
        }
        if (matchingId != null
                && !matchingId.isEmpty()
                && !MATCHING_ID.matcher(matchingId).matches()) {
            return Optional.of(GsmaStatus.INVALID_INPUT);
        }
        // ES12 is not spoken here, so no discovery server ever hears of the order.
        return discovery ? Optional.of(GsmaStatus.DISCOVERY_UNREACHABLE) : Optional.empty();
    }

    /** Taking an order back; a profile that a card may hold goes away, but never back in stock. */
    Optional<GsmaStatus> cancel(
            ProfileRow profile, OperatorCall call, @Nullable Eid eid, @Nullable String matchingId, boolean available) {
        // What a shop has sold is the shop's: an order that is taken back again under a new identifier would end it.
        boolean isSold = profile.isListenedTo() && profile.limits().operatorId() == 0;
        if (!call.owns(profile) || isSold) {
            return Optional.of(GsmaStatus.ICCID_NOT_OWNED);
        }
        switch (profile.status().state()) {
            case DOWNLOADED, INSTALLED -> {
                return Optional.of(GsmaStatus.ICCID_IN_USE);
            }
            case AVAILABLE, UNAVAILABLE -> {
                return Optional.of(GsmaStatus.ICCID_NOT_ALLOWED);
            }
            case ALLOCATED, LINKED, CONFIRMED, RELEASED, ERROR -> {
                // May be taken back.
            }
        }
        boolean fetched = profile.status().binding() != null;
        if (available && fetched && !InstallFailurePolicy.isOffTheCard(profile.status())) {
            return Optional.of(GsmaStatus.ICCID_IN_USE);
        }
        ProfileStatus.CardReference card = profile.status().card();
        if (eid != null && (card == null || !isCard(card, eid))) {
            return Optional.of(GsmaStatus.EID_MISMATCH);
        }
        String kept = vault.matchingId(profile).map(Sensitive::reveal).orElse("");
        return matchingId != null && !matchingId.equalsIgnoreCase(kept)
                ? Optional.of(GsmaStatus.MATCHING_ID_MISMATCH)
                : Optional.empty();
    }

    Optional<GsmaStatus> release(ProfileRow profile, OperatorCall call) {
        if (!call.owns(profile)) {
            return Optional.of(GsmaStatus.ICCID_NOT_OWNED);
        }
        return profile.status().state() == ProfileState.CONFIRMED
                ? Optional.empty()
                : Optional.of(GsmaStatus.INVALID_TRANSITION);
    }

    private boolean isCard(ProfileStatus.CardReference card, Eid eid) {
        return card.index().equals(vault.eidIndex(eid));
    }
}
