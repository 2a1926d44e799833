package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.http.Languages;
import dev.octroi.rsp.words.StatusCode;
import dev.octroi.rsp.words.StatusWords;
import dev.octroi.secret.Sensitive;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.SubscriptionProfile;
import dev.octroi.subscription.TimelineEntry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a traveller reads of the installation, and when the page offers it. */
class InstallationTest {
    private static final Texts ENGLISH = new Texts(Locale.ENGLISH, ZoneOffset.UTC);

    private static Installation of(String state, TimelineEntry... newestFirst) {
        SubscriptionProfile profile = new SubscriptionProfile(
                Sensitive.of("8933990000000000017"), state, new ActivationCode("smdp.example.com", "ABCDE", false));
        return new Installation(profile, List.of(newestFirst), Instant.EPOCH);
    }

    private static TimelineEntry step(Map<String, Object> data) {
        return new TimelineEntry(1, Instant.EPOCH, "profile.download_progress", data);
    }

    private static final TimelineEntry FULL = step(Map.of(
            "step", "installed", "ok", false, "subjectCode", "8.1", "reasonCode", "4.8", "detail", "install.10"));
    private static final TimelineEntry DELIVERED = step(Map.of("step", "downloaded", "ok", true));

    @ParameterizedTest
    @CsvSource({
        "released, is ready, true, false",
        "downloaded, is installing it, true, false",
        "installed, Switch it on, false, true",
        "enabled, switched on, false, true",
        "disabled, switched off, false, true",
        "deleted, was deleted, false, false",
        "unavailable, cannot be installed now, false, false",
        "error, not your fault, false, false",
        "allocated, cannot be installed now, false, false",
    })
    void everyStateHasItsSentence(String state, String part, boolean open, boolean done) {
        Installation installation = of(state);
        assertThat(installation.sentence(ENGLISH)).contains(part);
        assertThat(installation.isOpen()).isEqualTo(open);
        assertThat(installation.isDone()).isEqualTo(done);
        for (Locale language : Languages.ALL) {
            assertThat(installation.sentence(new Texts(language, ZoneOffset.UTC)))
                    .hasSizeBetween(8, 200);
        }
    }

    @Test
    void whoseTimeIsOverIsNotOfferedAndSaysSo() {
        SubscriptionProfile profile = new SubscriptionProfile(
                Optional.of(Sensitive.of("8933990000000000017")),
                "released",
                Optional.of(new ActivationCode("smdp.example.com", "ABCDE", false)),
                Optional.of(Instant.EPOCH.plusSeconds(60)));
        Installation before = new Installation(profile, List.of(), Instant.EPOCH.plusSeconds(59));
        assertThat(before.isOpen()).isTrue();
        assertThat(before.hasFailed()).isFalse();
        Installation after = new Installation(profile, List.of(), Instant.EPOCH.plusSeconds(60));
        assertThat(after.isOpen()).isFalse();
        assertThat(after.hasFailed()).isTrue();
        assertThat(after.sentence(ENGLISH))
                .isEqualTo(StatusWords.traveller(StatusCode.of("8.8.5", "4.10"), Locale.ENGLISH));
    }

    @Test
    void whatNobodyToldOfIsThereWhenItIsUsed() {
        assertThat(of("released").isMissing(false)).isTrue();
        assertThat(of("released").isMissing(true)).isFalse();
        assertThat(of("disabled").isMissing(false)).isFalse();
        assertThat(of("deleted").isMissing(true)).isTrue();
    }

    @Test
    void aFailureThatPassesSaysWhatToDoAndKeepsTheLinks() {
        Installation installation = of("released", FULL, DELIVERED);
        assertThat(installation.hasFailed()).isTrue();
        assertThat(installation.isOpen()).isTrue();
        assertThat(installation.sentence(ENGLISH)).startsWith("Your phone has no room");
        assertThat(installation.sentence(new Texts(Locale.CHINESE, ZoneOffset.UTC)))
                .startsWith("您的手机已没有空间");
    }

    @Test
    void whatFailedBeforeIsForgottenWithTheNextStep() {
        assertThat(of("downloaded", DELIVERED, FULL).hasFailed()).isFalse();
        TimelineEntry reset = new TimelineEntry(2, Instant.EPOCH, "profile.reset", Map.of("step", "reset", "ok", true));
        assertThat(of("released", reset, FULL).sentence(ENGLISH)).startsWith("Your eSIM is ready");
    }

    @Test
    void anOrderThatEndedIsToldByItsLastFailure() {
        TimelineEntry late = step(Map.of("step", "downloaded", "ok", true));
        assertThat(of("error", late, FULL).sentence(ENGLISH)).startsWith("Your phone has no room");
        assertThat(of("error", FULL).isOpen()).isFalse();
        assertThat(of("installed", FULL).hasFailed()).isFalse();
    }
}
