package dev.octroi.catalog;

import dev.octroi.policy.Speed;
import dev.octroi.policy.Where;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says a plan's tariff in sentences, in English, French or Chinese. */
public final class LabelText {
    private static final String BUNDLE = "dev.octroi.catalog.label";
    private static final ResourceBundle.Control NO_DEFAULT_LOCALE =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    private static final long GIGABYTE = 1_000_000_000;
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final int MEGABYTE_PLACES = 6;
    private static final int GIGABYTE_PLACES = 9;

    private final ResourceBundle words;
    private final Locale locale;

    private LabelText(Locale locale) {
        this.locale = locale;
        this.words = ResourceBundle.getBundle(BUNDLE, locale, NO_DEFAULT_LOCALE);
    }

    /** All lines of a label; English for every language but French and Chinese. */
    public static List<LabelLine> lines(PlanOffer offer, Locale locale) {
        return new LabelText(locale).lines(offer);
    }

    /** A volume as people write it, for example {@code 3 GB}, {@code 1,5 Go}; never more than there is. */
    public static String volume(long bytes, Locale locale) {
        boolean giga = bytes >= GIGABYTE;
        NumberFormat number = NumberFormat.getNumberInstance(locale);
        number.setMaximumFractionDigits(1);
        number.setRoundingMode(RoundingMode.DOWN);
        Units written = new Units(locale);
        BigDecimal units = BigDecimal.valueOf(bytes, giga ? GIGABYTE_PLACES : MEGABYTE_PLACES);
        return number.format(units) + written.space() + (giga ? "G" : "M") + written.octet();
    }

    private List<LabelLine> lines(PlanOffer offer) {
        PlanTerms terms = offer.terms();
        List<LabelLine> lines = new ArrayList<>();
        Overage overage = terms.overage();
        lines.add(titled("price", overage == null ? "price.text" : "price.overage", money(offer.price())));
        lines.add(included(terms));
        FairUse fairUse = terms.fairUse();
        if (fairUse != null) {
            String key = "fair_use." + LabelFacts.lower(fairUse.window());
            fairUse.tiers()
                    .forEach(tier ->
                            lines.add(titled("fair_use", key, volume(tier.fromBytes(), locale), speed(tier.speed()))));
        }
        lines.add(
                switch (terms.afterQuota()) {
                    case AfterQuota.Throttle slow -> titled("after", "after.slow", speed(slow.speed()));
                    case AfterQuota.Stop stop -> titled("after", "after.stop");
                });
        lines.add(
                overage == null
                        ? line("overage")
                        : titled(
                                "overage",
                                "overage.price",
                                money(overage.pricePerMegabyte()),
                                money(overage.money(overage.limitMinor())),
                                money(overage.money(overage.ceilingMinor()))));
        for (ZoneTariff tariff : terms.zoneTariffs()) {
            tariff(tariff, overage, lines);
        }
        Sharing sharing = terms.sharing();
        if (sharing != null) {
            sharing(sharing, offer.price().currency(), lines);
        }
        lines.add(validity(terms.validity()));
        lines.add(titled("day", "day." + LabelFacts.lower(terms.dayZone())));
        lines.add(line("coverage", countries(offer)));
        for (ZoneCap cap : terms.zoneCaps()) {
            lines.add(zone(cap));
        }
        if (offer.breakoutCountry() != null) {
            lines.add(line("breakout", country(offer.breakoutCountry())));
        }
        lines.add(titled("tethering", offer.tethering() ? "tethering.yes" : "tethering.no"));
        lines.add(line("counting"));
        lines.add(line("enforcement", volume(LabelFacts.TOLERANCE_BYTES, locale)));
        lines.add(line("alerts", terms.warnAtPercent()));
        lines.add(titled(
                "drain",
                "drain." + LabelFacts.lower(terms.drainPolicy()),
                terms.drainTerms().hold(terms.validity()).toHours()));
        Money topUp = offer.topUpPricePerGigabyte();
        if (topUp != null) {
            lines.add(line("topup", money(topUp)));
        }
        lines.add(line("refund", LabelFacts.REFUND_DAYS));
        return lines;
    }

    private void sharing(Sharing sharing, String currency, List<LabelLine> lines) {
        Money price = sharing.memberPrice() == null ? Money.zero(currency) : sharing.memberPrice();
        lines.add(
                sharing.memberBytes() == 0
                        ? titled("sharing", "sharing.text", sharing.maxMembers(), money(price))
                        : titled(
                                "sharing",
                                "sharing.volume",
                                sharing.maxMembers(),
                                money(price),
                                volume(sharing.memberBytes(), locale)));
    }

    private LabelLine zone(ZoneCap cap) {
        Speed speed = cap.speed();
        Where.Hours hours = cap.hours();
        if (speed != null) {
            return hours == null
                    ? line("zone", cap.name(), speed(speed))
                    : titled(
                            "zone",
                            "zone.hours.text",
                            cap.name(),
                            speed(speed),
                            hours.from().toString(),
                            hours.to().toString());
        }
        String key = "zone." + LabelFacts.lower(cap.effect());
        return titled(key, key + ".text", cap.name());
    }

    private void tariff(ZoneTariff tariff, @Nullable Overage overage, List<LabelLine> lines) {
        String name = tariff.places().isEmpty() ? country(tariff.zoneId()) : tariff.name();
        if (tariff.includedBytes() > 0) {
            lines.add(titled("zone.tariff", "zone.included", name, volume(tariff.includedBytes(), locale)));
        }
        Long price = tariff.pricePerGigabyteMinor();
        if (price != null && overage != null) {
            lines.add(titled("zone.tariff", "zone.price", name, money(overage.pricePerMegabyte(price))));
        }
    }

    private LabelLine line(String key, Object... arguments) {
        return titled(key, key + ".text", arguments);
    }

    private LabelLine titled(String key, String textKey, Object... arguments) {
        String text = new MessageFormat(words.getString(textKey), locale).format(arguments);
        return new LabelLine(words.getString(key + ".title"), text);
    }

    private LabelLine included(PlanTerms terms) {
        Renewal renewal = terms.renewal();
        String volume = volume(terms.quotaBytes(), locale);
        if (renewal == null) {
            return line("included", volume);
        }
        String key = "included." + LabelFacts.lower(renewal.every());
        return renewal.rolloverBytes() == 0
                ? titled("included", key, volume)
                : titled("included", key + ".rollover", volume, volume(renewal.rolloverBytes(), locale));
    }

    private LabelLine validity(Validity validity) {
        LocalDate firstDay = validity.firstDay();
        LocalDate lastDay = validity.lastDay();
        if (firstDay != null && lastDay != null) {
            return titled("validity", "validity.dates", duration(validity), date(firstDay), date(lastDay));
        }
        String key = "validity." + LabelFacts.lower(validity.start());
        return titled("validity", key, duration(validity), start(validity));
    }

    private String date(LocalDate date) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale)
                .format(date);
    }

    private String duration(Validity validity) {
        String key = "unit." + LabelFacts.lower(validity.unit());
        return new MessageFormat(words.getString(key), locale).format(new Object[] {validity.amount()});
    }

    /** The moment as it was named: a date alone would be another one in half of the world. */
    private String start(Validity validity) {
        Instant start = validity.fixedStart();
        if (start == null) {
            return "";
        }
        LocalDateTime moment = LocalDateTime.ofInstant(start, ZoneOffset.UTC);
        return date(moment.toLocalDate()) + ", " + moment.format(MINUTES) + " UTC";
    }

    private String countries(PlanOffer offer) {
        return offer.countries().stream().map(this::country).sorted().collect(Collectors.joining(", "));
    }

    private String country(String code) {
        return Locale.of("", code).getDisplayCountry(locale);
    }

    private String speed(Speed speed) {
        return speed.upKbps() == speed.downKbps()
                ? speed.downKbps() + new Units(locale).space() + "kbit/s"
                : new MessageFormat(words.getString("speed.both"), locale)
                        .format(new Object[] {String.valueOf(speed.downKbps()), String.valueOf(speed.upKbps())});
    }

    private String money(Money money) {
        return money.in(locale);
    }
}
