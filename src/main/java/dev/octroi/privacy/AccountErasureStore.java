package dev.octroi.privacy;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Blanks the rows that stay for their sums: account, volumes, sale. */
final class AccountErasureStore {
    /** Place, device, clock, habits and words go; what a gateway remembers of the account is out of date from then on. */
    Future<Void> account(SqlConnection connection, Traveller of) {
        return connection
                .preparedQuery("""
                        UPDATE account_hot
                        SET hours = '', drain_patch = '', hour_bytes = 0, day_bytes = 0, week_bytes = 0, hour_start = NULL,
                            day_start = NULL, week_start = NULL, last_event_at = NULL, last_received_at = NULL,
                            version = version + 1
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3
                        """)
                .execute(ErasureStore.account(of))
                .compose(done -> connection.preparedQuery("""
                        UPDATE account
                        SET plmn = NULL, country = NULL, zone_id = NULL, place_since = NULL, place_reported_at = NULL,
                            device = NULL, device_since = NULL, device_is_first = NULL, time_zone = 'UTC',
                            next_time_zone = NULL, time_zone_at = NULL, begun_time_zone = NULL, rule_counts = '{}',
                            reason = 'plan.ended', restriction_id = NULL, blocked_categories = NULL,
                            background_mode = 'on', background_below_bytes = 0, background_categories = '',
                            tariff_zone = NULL
                        WHERE vshard = $1 AND tenant_id = $2 AND id = $3
                        """).execute(ErasureStore.account(of)))
                .compose(done -> connection.preparedQuery("""
                        UPDATE bucket SET reason = 'erased', reference = 'erased-' || id
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3
                        """).execute(ErasureStore.account(of)))
                .compose(done -> connection.preparedQuery("""
                        UPDATE policy_change_item SET trace = NULL, refusal = NULL, level_before = NULL
                        WHERE vshard = $1 AND tenant_id = $2 AND account_id = $3
                        """).execute(ErasureStore.account(of)))
                .mapEmpty();
    }

    /** The reseller's own numbers of the sale; those of an order go with the last of its subscriptions. */
    Future<Void> sale(SqlConnection connection, Traveller of) {
        return connection
                .preparedQuery("""
                        UPDATE top_up SET external_reference = NULL, reference = 'erased-' || id
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3
                        """)
                .execute(ErasureStore.subscription(of))
                .compose(done -> connection.preparedQuery("""
                        UPDATE purchase o SET external_reference = NULL
                        FROM subscription s
                        WHERE s.tenant_id = $1 AND s.vshard = $2 AND s.id = $3
                          AND o.tenant_id = s.tenant_id AND o.vshard = s.vshard AND o.id = s.order_id
                          AND NOT EXISTS (
                            SELECT 1 FROM subscription other
                            WHERE other.tenant_id = s.tenant_id AND other.vshard = s.vshard
                              AND other.order_id = s.order_id AND other.id <> s.id AND other.erased_at IS NULL)
                        """).execute(ErasureStore.subscription(of)))
                .mapEmpty();
    }
}
