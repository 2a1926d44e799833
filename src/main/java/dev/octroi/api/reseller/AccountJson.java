package dev.octroi.api.reseller;

import dev.octroi.policy.Policy;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Forecast;
import dev.octroi.quota.account.Freshness;
import dev.octroi.quota.account.PeriodView;
import dev.octroi.quota.account.SharedView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** Balances, policies and the quality of readings on the wire. */
public final class AccountJson {
    private static final String SOURCE = "network-records";
    private static final String UNIT_NOTE = "IP packets including headers and retransmissions";

    private AccountJson() {}

    /** Balance, policy, period and the quality of the reading. */
    public static JsonObject balance(AccountView account) {
        JsonArray buckets = new JsonArray();
        account.buckets().forEach(bucket -> buckets.add(bucket(bucket)));
        JsonObject json = new JsonObject()
                .put("quotaBytes", account.totalBytes())
                .put("usedBytes", account.usedBytes())
                .put("remainingBytes", account.remainingBytes())
                .put("beyondBytes", account.beyondBytes())
                .put("todayBytes", account.todayBytes())
                .put("buckets", buckets)
                .put("policy", policy(account.policy()))
                .put("period", period(account.period()))
                .put("reading", reading(account.freshness()));
        if (account.overage() != null) {
            json.put("overage", OverageJson.write(account.overage()));
        }
        SharedView shared = account.shared();
        if (shared != null) {
            json.put("shared", SharingJson.write(shared));
        }
        Forecast forecast = account.forecast();
        if (forecast != null) {
            json.put("forecast", forecast(forecast));
        }
        return json;
    }

    /** The policy in force. */
    public static JsonObject policy(Policy policy) {
        JsonObject json = new JsonObject()
                .put("level", policy.level().word())
                .put("reason", policy.reasonCode())
                .put("untilKind", policy.until().word())
                .put("version", policy.version());
        if (policy.speed() != null) {
            json.put("rate", RateJson.write(policy.speed()));
        }
        if (!policy.blockedCategories().isEmpty()) {
            json.put("blockedCategories", new JsonArray(policy.blockedCategories()));
        }
        Times.put(json, "until", policy.until().moment());
        return json;
    }

    static JsonObject period(PeriodView period) {
        JsonObject json = new JsonObject()
                .put("state", state(period))
                .put("start", period.waitsFor().name().toLowerCase(Locale.ROOT));
        Times.put(json, "startsAt", period.startsAt());
        Times.put(json, "endsAt", period.endsAt());
        Times.put(json, "predictedEndsAt", period.predictedEndsAt());
        Times.put(json, "renewsAt", period.renewsAt());
        return json;
    }

    static String state(PeriodView period) {
        return state(period.state());
    }

    static String state(PeriodView.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static JsonObject reading(Freshness freshness) {
        JsonObject json = new JsonObject()
                .put("lagSeconds", freshness.lagSeconds())
                .put("complete", freshness.complete())
                .put("mayChangeByBytes", freshness.mayChangeByBytes())
                .put("source", SOURCE)
                .put("unitNote", UNIT_NOTE);
        Times.put(json, "asOf", freshness.asOf());
        return json;
    }

    private static JsonObject bucket(Bucket bucket) {
        JsonObject json = new JsonObject()
                .put("number", bucket.id())
                .put("kind", bucket.kind().word())
                .put("reason", bucket.reason())
                .put("quotaBytes", bucket.quotaBytes())
                .put("usedBytes", bucket.usedBytes())
                .put("remainingBytes", bucket.remainingBytes())
                .put("pastBytes", bucket.pastBytes());
        if (bucket.kind() == Bucket.Kind.ZONE) {
            json.put("zone", bucket.reference());
        }
        if (!bucket.zones().isEmpty()) {
            json.put("zones", new JsonArray(bucket.zones().stream().sorted().toList()));
        }
        if (bucket.extendDays() > 0) {
            json.put("extendDays", bucket.extendDays());
        }
        if (bucket.validDays() > 0) {
            json.put("validDays", bucket.validDays());
        }
        Times.put(json, "expiresAt", bucket.expiresAt());
        return json;
    }

    static JsonObject forecast(Forecast forecast) {
        JsonObject json = new JsonObject().put("method", forecast.method());
        Times.put(json, "depletesAt", forecast.depletesAt());
        Times.put(json, "p10", forecast.earliest());
        Times.put(json, "p90", forecast.latest());
        return json;
    }
}
