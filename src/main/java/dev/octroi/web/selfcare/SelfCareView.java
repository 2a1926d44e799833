package dev.octroi.web.selfcare;

import dev.octroi.drain.NormalBand;
import dev.octroi.quota.AccountView;
import dev.octroi.quota.UsagePoint;
import dev.octroi.subscription.Subscription;
import dev.octroi.support.Alarm;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the page shows, read at one moment.
 *
 * @param hours usage of the last 24 hours
 * @param days usage of the last 14 local days
 * @param alarm the newest alarm that is still open
 * @param band what is normal for the subscription
 * @param labelLines the tariff as sold, title and text
 */
record SelfCareView(
        Subscription subscription,
        AccountView account,
        Optional<Installation> installation,
        List<UsagePoint> hours,
        List<UsagePoint> days,
        Optional<Alarm> alarm,
        Optional<NormalBand> band,
        List<LabelEntry> labelLines) {

    /** One line of the label. */
    record LabelEntry(String title, String text) {}
}
