package dev.octroi.web.selfcare;

import dev.octroi.drain.NormalBand;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.subscription.Subscription;
import dev.octroi.support.Alarm;
import dev.octroi.support.SupportCase;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that the page shows, read at one moment.
 *
 * @param hours usage of the last 24 hours
 * @param days usage of the last 14 local days
 * @param alarms those that still say something of today, newest first
 * @param savedBytes about how much holding back unusual use has saved
 * @param settled the case that support settled last, when that was lately
 * @param band what is normal for the subscription
 * @param members who spends the same volume; empty where nobody else does
 * @param labelLines the tariff as sold, title and text
 * @param warnAtPercent share of the volume at which the plan tells, 1 to 99
 * @param countries ISO 3166 codes of the countries where the plan works
 * @param zoneNames names of the plan's zones by id
 * @param notices how the traveller is told what happens
 */
record SelfCareView(
        Subscription subscription,
        AccountView account,
        Optional<Installation> installation,
        List<UsagePoint> hours,
        List<UsagePoint> days,
        List<Alarm> alarms,
        long savedBytes,
        Optional<SupportCase> settled,
        Optional<NormalBand> band,
        Optional<MembersView> members,
        List<LabelEntry> labelLines,
        int warnAtPercent,
        List<String> countries,
        Map<String, String> zoneNames,
        NoticeView notices) {
    SelfCareView {
        hours = List.copyOf(hours);
        days = List.copyOf(days);
        alarms = List.copyOf(alarms);
        labelLines = List.copyOf(labelLines);
        countries = List.copyOf(countries);
        zoneNames = Map.copyOf(zoneNames);
    }

    /** ISO 4217 code of what is charged beyond the volume; empty where the plan charges nothing. */
    Optional<String> currency() {
        return Optional.ofNullable(account.overage())
                .map(overage -> overage.ceiling().currency());
    }

    /** One line of the label. */
    record LabelEntry(String title, String text) {}
}
