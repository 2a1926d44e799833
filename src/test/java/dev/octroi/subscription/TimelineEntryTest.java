package dev.octroi.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.rsp.order.ProfileStep;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimelineEntryTest {

    @Test
    void decisionsSayWhatHoldsAndWhy() {
        TimelineEntry slowed =
                entry("policy.decided", Map.of("level", "throttled", "downKbps", 384, "reason", "plan.quota_used"));
        assertThat(slowed.kind()).isEqualTo("decision");
        assertThat(slowed.summary(Locale.ENGLISH)).isEqualTo("Slowed to 384 kbit/s: the volume of the plan is used up");
        assertThat(entry("policy.decided", Map.of("level", "normal", "reason", "none"))
                        .summary(Locale.ENGLISH))
                .isEqualTo("Full speed again");
    }

    @Test
    void zonesAreCalledByTheirName() {
        Map<String, Object> data = Map.of("zone", "zone_1", "name", "Paris centre", "country", "FR");
        assertThat(entry("zone.entered", data).summary(Locale.ENGLISH)).isEqualTo("Entered Paris centre");
        assertThat(entry("zone.left", data).summary(Locale.FRENCH)).isEqualTo("Sortie de Paris centre");
        assertThat(entry("zone.breached", Map.of("name", "Paris centre", "then", "asks"))
                        .summary(Locale.CHINESE))
                .isEqualTo("Paris centre：数据等待确认");
    }

    @Test
    void creditsAndTopUpsSayTheirDaysAndNoVolumeOfNothing() {
        Map<String, Object> days = Map.of("bytes", 0, "extendDays", 3, "reason", "No network");
        assertThat(entry("credit.applied", days).summary(Locale.ENGLISH)).isEqualTo("Extended by 3 days: No network");
        assertThat(entry("credit.applied", days).summary(Locale.FRENCH))
                .isEqualTo("Prolongé de 3 jours\u00a0: No network");
        assertThat(entry("credit.applied", days).summary(Locale.CHINESE)).isEqualTo("已延长 3 天：No network");
        Map<String, Object> both = Map.of("bytes", 500_000_000L, "extendDays", 1, "reason", "-");
        assertThat(entry("top_up.applied", both).summary(Locale.ENGLISH))
                .isEqualTo("500 MB added and extended by 1 day");
        assertThat(entry("credit.applied", Map.of("bytes", 1_000_000, "extendDays", 0, "reason", "Sorry"))
                        .summary(Locale.ENGLISH))
                .isEqualTo("1 MB credited: Sorry");
    }

    @Test
    void theTariffOfACountryIsSaidInASentence() {
        Map<String, Object> told = Map.of(
                "country", "CH",
                "remainingBytes", 50_000_000L,
                "then", "charged",
                "pricePerMegabyte", "0.30",
                "currency", "EUR");
        assertThat(entry("tariff.told", told).summary(Locale.ENGLISH))
                .isEqualTo("Switzerland: 50 MB left, then €0.30 a MB");
    }

    @Test
    void priceWithMorePlacesThanABillIsWrittenAsTheLanguageWritesMoney() {
        Map<String, Object> told = Map.of(
                "country", "CH",
                "remainingBytes", 50_000_000L,
                "then", "charged",
                "pricePerMegabyte", "0.00199",
                "currency", "EUR");

        assertThat(entry("tariff.told", told).summary(Locale.FRENCH)).contains("0,00199\u00a0\u20ac");
    }

    @Test
    void stepsOfADownloadSayWhyTheyFailed() {
        assertThat(entry("profile.download_progress", Map.of("step", "authenticated", "ok", true))
                        .summary(Locale.ENGLISH))
                .isEqualTo("A device asked for the profile");
        TimelineEntry failed = entry(
                "profile.download_progress",
                Map.of("step", "confirmation", "ok", false, "subjectCode", "8.2.7", "reasonCode", "3.8"));
        assertThat(failed.kind()).isEqualTo("download");
        assertThat(failed.summary(Locale.ENGLISH))
                .isEqualTo("Confirmation code refused: The confirmation code is wrong."
                        + " The traveller must check it and try again.");
        assertThat(failed.summary(Locale.FRENCH)).startsWith("Code de confirmation refusé\u00a0: Le code");
        assertThat(failed.summary(Locale.CHINESE)).startsWith("确认码被拒绝：确认码错误");
    }

    @Test
    void aFailedInstallationThatPassesSaysThatTheProfileIsReady() {
        Map<String, Object> data = Map.of(
                "step",
                "installed",
                "ok",
                false,
                "subjectCode",
                "8.1",
                "reasonCode",
                "4.8",
                "detail",
                "install.10",
                "state",
                "released");
        assertThat(entry("profile.download_progress", data).summary(Locale.ENGLISH))
                .isEqualTo("Not installed: The eSIM chip has no room for this profile. The traveller must delete a"
                        + " profile and try again. The profile may be downloaded again.");
    }

    @Test
    void aResetSaysWhoDidItAndWhy() {
        TimelineEntry reset =
                entry("profile.reset", Map.of("step", "reset", "ok", true, "by", "admin", "reason", "{0} % it's lost"));
        assertThat(reset.summary(Locale.ENGLISH)).isEqualTo("Download reset by support: {0} % it's lost");
        assertThat(reset.summary(Locale.CHINESE)).isEqualTo("下载已由客服重置：{0} % it's lost");
    }

    @Test
    void everyLanguageHasASentenceForEveryEventAndStep() {
        Set<String> english = keys(Locale.ENGLISH);
        for (Locale language : List.of(Locale.FRENCH, Locale.CHINESE)) {
            assertThat(keys(language)).containsAll(english);
            for (ProfileStep step : ProfileStep.values()) {
                assertThat(keys(language)).contains("step." + step.text());
            }
        }
    }

    private static Set<String> keys(Locale language) {
        return ResourceBundle.getBundle("dev.octroi.subscription.timeline", language)
                .keySet();
    }

    @Test
    void volumesAreWrittenForPeople() {
        assertThat(entry("top_up.applied", Map.of("bytes", 1_000_000_000L)).summary(Locale.ENGLISH))
                .isEqualTo("1 GB added");
        assertThat(entry("usage.threshold_reached", Map.of("percent", 80)).summary(Locale.ENGLISH))
                .isEqualTo("80 % of the volume used");
        assertThat(entry("usage.threshold_reached", Map.of("percent", 100, "limit", "plan"))
                        .summary(Locale.ENGLISH))
                .isEqualTo("100 % of the volume used");
    }

    @Test
    void aMembersCapIsNotTheVolume() {
        TimelineEntry member = entry("usage.threshold_reached", Map.of("percent", 100, "limit", "member"));
        assertThat(member.summary(Locale.ENGLISH)).isEqualTo("The share of the common volume for this one is used");
        assertThat(member.summary(Locale.FRENCH)).contains("La part du volume commun");
        assertThat(member.summary(Locale.CHINESE)).contains("份额");
        assertThat(entry("usage.threshold_reached", Map.of("limit", "fair_use")).summary(Locale.ENGLISH))
                .isEqualTo("The volume at full speed is used");
        assertThat(entry("usage.threshold_reached", Map.of("limit", "rule")).summary(Locale.ENGLISH))
                .isEqualTo("A limit was reached");
    }

    @Test
    void unknownTypesAreNamedAndNotLost() {
        TimelineEntry entry = entry("lottery.ticket_drawn", Map.of());
        assertThat(entry.kind()).isEqualTo("lottery");
        assertThat(entry.summary(Locale.ENGLISH)).isEqualTo("Lottery ticket drawn");
    }

    @Test
    void whatSupportAnsweredIsSaidWithTheSettlement() {
        TimelineEntry settled =
                entry("case.resolved", Map.of("resolution", "explained", "reason", "A backup at night"));
        assertThat(settled.summary(Locale.ENGLISH)).isEqualTo("Case settled: A backup at night");
        assertThat(settled.summary(Locale.FRENCH)).isEqualTo("Dossier réglé\u00a0: A backup at night");
        assertThat(settled.summary(Locale.CHINESE)).isEqualTo("案件已处理：A backup at night");
        assertThat(entry("case.resolved", Map.of()).summary(Locale.ENGLISH)).isEqualTo("Case settled");
    }

    private static TimelineEntry entry(String type, Map<String, Object> data) {
        return new TimelineEntry(1, Instant.EPOCH, type, data);
    }
}
