package dev.octroi.quota;

import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Alike;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Charges;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.Counter;
import dev.octroi.quota.account.Device;
import dev.octroi.quota.account.DrainMemory;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.OpenHours;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.ZoneChange;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Between rows and the account's state. */
final class AccountRows {
    /**
     * The one order in which several accounts are written, so that two gateways do not lock crosswise: that of the keys of the
     * hot rows and the ledger, so that neighbours in a batch are neighbours on pages.
     */
    static final Comparator<AccountKey> ORDER = AccountRows::inOrder;

    private static final TermsCache TERMS = new TermsCache(16_000_000);

    private AccountRows() {}

    private static int inOrder(AccountKey one, AccountKey other) {
        int byAccount = Long.compare(one.accountId(), other.accountId());
        return byAccount == 0 ? Integer.compare(one.tenantId(), other.tenantId()) : byAccount;
    }

    static AccountState state(
            AccountKey key,
            Row row,
            List<Bucket> buckets,
            String restrictions,
            String ruleSets,
            List<ChargingSession> charging) {
        PlanTerms terms = TERMS.of(row.getString("terms_text"));
        Buffer drain = row.getBuffer("drain_state");
        Share share = share(row);
        return new AccountState(
                key,
                row.getLong("subscription_id"),
                row.getLong("version"),
                terms,
                ZoneId.of(row.getString("time_zone")),
                row.getOffsetDateTime("opened_at").toInstant(),
                instant(row, "starts_at"),
                instant(row, "ends_at"),
                row.getBoolean("ended"),
                instant(row, "renewed_at"),
                // Who joined later leaves the rows of its own volume behind: it is over.
                share instanceof Share.Member ? List.of() : buckets,
                row.getLong("used_bytes"),
                row.getLong("beyond_bytes"),
                row.getLong("warned_total_bytes"),
                counter(row, "hour"),
                counter(row, "day"),
                counter(row, "week"),
                RuleRows.sets(ruleSets),
                RuleRows.counts(row.getString("rule_counts_text")),
                RuleRows.restrictions(restrictions),
                policy(row),
                place(row),
                drain == null
                        ? DrainMemory.of(AccountState.freshDrain(terms))
                        : DrainMemory.read(
                                drain.getBytes(), row.getBuffer("drain_patch").getBytes()),
                Map.of(),
                instant(row, "last_event_at"),
                instant(row, "last_received_at"),
                Alike.background(new Background(
                        Background.Mode.of(row.getString("background_mode")).orElseThrow(),
                        row.getLong("background_below_bytes"),
                        words(row.getString("background_categories")))),
                device(row),
                charging,
                charges(row, terms),
                OpenHours.read(row.getString("hours")),
                share,
                zoneChange(row));
    }

    private static List<String> words(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(",", -1));
    }

    private static Charges charges(Row row, PlanTerms terms) {
        return Alike.charges(new Charges(
                instant(row, "overage_since"),
                row.getLong("overage_limit_minor"),
                row.getLong("charged_bytes"),
                row.getLong("charged_minor"),
                rest(row, terms),
                instant(row, "charge_month"),
                row.getLong("charge_month_minor"),
                row.getLong("charge_warned_minor"),
                row.getLong("charge_full_minor"),
                row.getString("tariff_zone")));
    }

    private static @Nullable ZoneChange zoneChange(Row row) {
        Instant at = instant(row, "time_zone_at");
        String next = row.getString("next_time_zone");
        String begunIn = row.getString("begun_time_zone");
        return at == null
                ? null
                : new ZoneChange(
                        next == null ? null : ZoneId.of(next), at, begunIn == null ? null : ZoneId.of(begunIn));
    }

    private static Share share(Row row) {
        Long owner = row.getLong("shared_account_id");
        Long[] members = row.getArrayOfLongs("members");
        if (owner == null) {
            return members == null || members.length == 0 ? Share.ALONE : new Share.Owner(List.of(members));
        }
        Long bytes = row.getLong("member_cap_bytes");
        return new Share.Member(
                owner,
                instant(row, "joined_at"),
                instant(row, "left_at"),
                bytes == null
                        ? null
                        : new MemberCap(
                                bytes,
                                MemberCap.Window.of(row.getString("member_cap_window"))
                                        .orElseThrow()),
                instant(row, "member_window_start"),
                row.getLong("member_window_base"),
                row.getLong("member_before_bytes"));
    }

    /** An account that was charged at one price only owes what its bytes cost at it. */
    private static long rest(Row row, PlanTerms terms) {
        Long rest = row.getLong("charge_rest");
        Overage overage = terms.overage();
        if (rest != null || overage == null) {
            return rest == null ? 0 : rest;
        }
        return Overage.cost(0, overage.pricePerGigabyteMinor(), row.getLong("charged_bytes"))
                .rest();
    }

    private static Policy policy(Row row) {
        return Alike.policy(new Policy(
                Level.valueOf(row.getString("level")),
                PolicyRows.speed(row.getInteger("down_kbps"), row.getInteger("up_kbps")),
                row.getString("reason"),
                row.getString("restriction_id"),
                PolicyRows.until(row.getString("until_kind"), instant(row, "until_at")),
                row.getLong("policy_version"),
                PolicyRows.blockedCategories(row)));
    }

    private static @Nullable Device device(Row row) {
        Buffer hash = row.getBuffer("device");
        Instant since = instant(row, "device_since");
        return hash == null || since == null
                ? null
                : new Device(HexFormat.of().formatHex(hash.getBytes()), since, row.getBoolean("device_is_first"));
    }

    private static @Nullable Place place(Row row) {
        String plmn = row.getString("plmn");
        Instant since = instant(row, "place_since");
        Instant reported = instant(row, "place_reported_at");
        if (plmn == null || since == null || reported == null) {
            return null;
        }
        return new Place(plmn, row.getString("country"), row.getString("zone_id"), since, reported);
    }

    private static Counter counter(Row row, String window) {
        Instant start = instant(row, window + "_start");
        return start == null ? Counter.EMPTY : new Counter(start, row.getLong(window + "_bytes"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        return TimeRows.read(row.getOffsetDateTime(column));
    }

    private static Set<String> zones(String @Nullable [] zones) {
        return zones == null ? Set.of() : Set.of(zones);
    }

    static Bucket bucket(Row row) {
        return new Bucket(
                row.getInteger("id"),
                Bucket.Kind.valueOf(row.getString("kind")),
                Alike.word(row.getString("reference")),
                Alike.word(row.getString("reason")),
                row.getLong("quota_bytes"),
                row.getLong("used_bytes"),
                row.getLong("past_bytes"),
                row.getLong("late_bytes"),
                instant(row, "expires_at"),
                row.getInteger("extend_days"),
                row.getInteger("valid_days"),
                zones(row.getArrayOfStrings("zones")));
    }
}
