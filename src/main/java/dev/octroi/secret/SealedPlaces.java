package dev.octroi.secret;

import java.util.Set;

/**
 * Every table and column that values are sealed for. A place that is not among them would be left under the old key when all is
 * sealed anew, and its values be lost with that key: tests, which run with assertions, seal for no other place.
 */
public final class SealedPlaces {
    /** Table and column, as they are authenticated with a value. */
    public static final Set<String> ALL = Set.of(
            "charging_session.notify_to",
            "idempotency_key.response",
            "notice_channel.address_sealed",
            "outbox.card",
            "partner.connector_secret",
            "profile.confirmation_sealed",
            "profile.eid_sealed",
            "profile.iccid_sealed",
            "profile.imsi_sealed",
            "profile.matching_sealed",
            "profile_key.keys_sealed",
            "profile_order.matching_sealed",
            "profile_type_package.template_sealed",
            "rsp_notification.raw_sealed",
            "rsp_package.package",
            "rsp_protected.keys_sealed",
            "rsp_session.state_sealed",
            "spending_limit.context",
            "webhook_endpoint.secret_sealed");

    private SealedPlaces() {}

    static boolean isKnown(Aad place) {
        return ALL.contains(place.table() + "." + place.column());
    }
}
