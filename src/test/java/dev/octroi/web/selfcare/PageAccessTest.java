package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.http.Languages;
import dev.octroi.notice.Channel;
import dev.octroi.notice.ChannelState;
import dev.octroi.notice.ChannelWish;
import dev.octroi.notice.MailAddress;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Views;
import dev.octroi.secret.Sensitive;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.Subscription;
import dev.octroi.subscription.SubscriptionProfile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page for those who do not see it, or see little (WCAG 2.2, level AA). */
class PageAccessTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00Z");
    private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)([^>]*)>([^<]*)");
    private static final Pattern NAME = Pattern.compile(" aria-label=\"[^\"]+\"");
    /** The least contrast of what shows where a field is (§1.4.11), and of text (§1.4.3). */
    private static final double FIELD = 3;

    private static final double TEXT = 4.5;

    @Test
    void everyFieldAndPictureHasAName() {
        for (Locale language : Languages.ALL) {
            assertThat(nameless(page(language))).as("%s", language).isEmpty();
        }
    }

    /** Controls and pictures that a screen reader can only call what they are. */
    private static List<String> nameless(String page) {
        List<String> found = new ArrayList<>();
        boolean isInOption = false;
        boolean isInLabel = false;
        StringBuilder label = new StringBuilder();
        List<String> labelled = new ArrayList<>();
        Matcher tag = TAG.matcher(page.substring(page.indexOf("<main>")));
        while (tag.find()) {
            boolean ends = !tag.group(1).isEmpty();
            String name = tag.group(2);
            String whole = name + tag.group(3);
            isInOption = name.equals("option") || (isInOption && !name.equals("select"));
            if (name.equals("label")) {
                if (ends && label.isEmpty()) {
                    found.addAll(labelled);
                }
                isInLabel = !ends;
                label.setLength(0);
                labelled.clear();
            }
            boolean isField = name.equals("select") || (name.equals("input") && !whole.contains("type=hidden"));
            boolean isPicture = whole.contains("role=img") || whole.contains("role=\"img\"");
            if (!ends && (isField || isPicture) && !NAME.matcher(whole).find()) {
                (isField && isInLabel ? labelled : found).add(whole);
            }
            if (isInLabel && !isInOption) {
                label.append(tag.group(4).strip());
            }
        }
        return found;
    }

    @Test
    void anotherLanguageIsSpokenAsThatLanguage() {
        assertThat(page(Locale.FRENCH))
                .contains("<a lang=zh hreflang=zh ", "<a lang=en hreflang=en ")
                .contains("<a lang=fr hreflang=fr aria-current=true ");
    }

    @Test
    void fieldsAndTextsStandOutFromWhatTheyAreOn() {
        assertThat(contrast(colour("input,select\\{[^}]*border:1px solid (#[0-9a-f]{6})"), "#ffffff"))
                .isGreaterThanOrEqualTo(FIELD);
        for (String text :
                List.of(";color:(#[0-9a-f]{6});font", "figcaption\\{color:(#[0-9a-f]{6})", "--slow:(#[0-9a-f]{6})")) {
            String colour = colour(text);
            assertThat(contrast(colour, "#ffffff")).as(text).isGreaterThanOrEqualTo(TEXT);
            assertThat(contrast(colour, colour("background:(#[0-9a-f]{6});color")))
                    .as(text)
                    .isGreaterThanOrEqualTo(TEXT);
        }
    }

    private static String colour(String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(PageStyle.CSS);
        assertThat(found.find()).as(pattern).isTrue();
        return found.group(1);
    }

    /** WCAG 2.2, "contrast ratio". */
    private static double contrast(String one, String other) {
        double a = luminance(one);
        double b = luminance(other);
        return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    }

    private static double luminance(String colour) {
        double[] parts = new double[3];
        for (int i = 0; i < parts.length; i++) {
            double part = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            parts[i] = part <= .04045 ? part / 12.92 : Math.pow((part + .055) / 1.055, 2.4);
        }
        return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
    }

    /** With everything that the section for messages can show. */
    private static Channel channel() {
        MailAddress address = MailAddress.parse("ann@traveller.example").orElseThrow();
        return new Channel(1, address, ChannelState.CONFIRMED, ChannelWish.usual("en"));
    }

    private static String page(Locale language) {
        Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
        AccountState state = AccountFixture.begun(
                decider,
                AccountFixture.terms(
                                AccountFixture.GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER))
                        .with(new Overage("EUR", 10_000, 20_000, 5_000)),
                NOW);
        SubscriptionProfile profile = new SubscriptionProfile(
                Sensitive.of("8933990000000000017"),
                "released",
                new ActivationCode("smdp.example.com", "ABCDE", false));
        SelfCareView view = new SelfCareView(
                new Subscription(256, 1, 1, 1, "France", "hash", 1, 1, "UTC", "en", NOW),
                Views.of(state, null, NOW, null, null),
                Optional.of(new Installation(profile, List.of(), NOW)),
                List.of(),
                List.of(),
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                80,
                List.of("FR", "CH"),
                Map.of(),
                new NoticeView(true, Optional.of(channel())));
        PageFrame frame = new PageFrame(new Texts(language, AccountFixture.PARIS), "/s/x", "c");
        return new SelfCarePage(view, frame, member -> "m").render(new FormAnswer.None());
    }
}
