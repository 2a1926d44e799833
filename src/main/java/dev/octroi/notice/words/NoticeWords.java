package dev.octroi.notice.words;

import java.util.List;

/** Puts a notice into words: what happened and when by the traveller's clock, what holds now, and where to look. */
public final class NoticeWords {
    private static final int PERCENT = 100;

    private NoticeWords() {}

    /** The notice of an event. */
    public static NoticeText of(Occurrence event, NoticeChoice choice, Reader reader, Now now, NoticeLinks links) {
        Phrases phrases = new Phrases(reader.language(), reader.zone());
        Object[] slots = slots(event, phrases);
        String happened = phrases.get("text." + choice.key(), slots).strip();
        String when = phrases.get("when", phrases.moment(event.at()), phrases.zone());
        return new NoticeText(
                phrases.get("subject." + choice.key(), slots),
                join(List.of(happened, when, holds(now, phrases), end(reader, links, phrases))));
    }

    /** What a traveller asked for to see whether messages arrive. */
    public static NoticeText test(Reader reader, NoticeLinks links) {
        Phrases phrases = new Phrases(reader.language(), reader.zone());
        return new NoticeText(
                phrases.get("subject.test"), join(List.of(phrases.get("text.test"), end(reader, links, phrases))));
    }

    /**
     * Asks whoever reads an address whether it may be written to. It names neither page nor plan: it may be
     * somebody else's address, who asked for no words of a shop.
     *
     * @param confirm where that is said
     */
    public static NoticeText confirmation(Reader reader, String confirm) {
        Phrases phrases = new Phrases(reader.language(), reader.zone());
        return new NoticeText(
                phrases.get("subject.confirm"),
                join(List.of(phrases.get("text.confirm"), confirm, phrases.get("confirm.else"))));
    }

    private static String join(List<String> parts) {
        return String.join("\n\n", parts) + "\n";
    }

    private static String end(Reader reader, NoticeLinks links, Phrases phrases) {
        return phrases.get("page", links.page()) + "\n\n" + phrases.get("stop", reader.planName(), links.stop());
    }

    private static String holds(Now now, Phrases phrases) {
        String state = now.level().equals("throttled") || now.level().equals("background_blocked")
                ? now.downKbps() > 0
                        ? phrases.get("now.slowed", phrases.speed(now.downKbps()))
                        : phrases.get("now.background")
                : phrases.of("now", now.level());
        String left = phrases.get("now.left", phrases.volume(now.remainingBytes()), phrases.volume(now.totalBytes()));
        return state + " " + left + (now.confirmed() ? "" : " " + phrases.get("now.unconfirmed"));
    }

    /**
     * What the sentences may speak of: 0 used, 1 of how much, 2 percent, 3 over which window, 4 what follows, 5 what it is about, 6 and
     * 7 what would be normal, 8 left.
     */
    private static Object[] slots(Occurrence event, Phrases phrases) {
        return switch (event.type()) {
            case "usage.threshold_reached", "rule.applied" -> used(event, phrases);
            case "anomaly.opened", "anomaly.grown" -> unusual(event, phrases);
            case "anomaly.bad_destination" -> about("", phrases.of("act", event.text("action")));
            case "policy.decided" ->
                about(phrases.ofFamily("reason", event.text("reason")), phrases.speed(event.number("downKbps")));
            case "zone.breached" -> about(event.text("name"), phrases.of("zone", event.text("then")));
            case "tariff.told" -> tariff(event, phrases);
            case "overage.agreed", "overage.threshold_reached", "overage.ceiling_reached" -> charged(event, phrases);
            case "plan.started" -> about(phrases.moment(event.text("endsAt")), "");
            case "plan.ending" -> ending(event, phrases);
            default -> volume(event, phrases);
        };
    }

    private static Object[] used(Occurrence event, Phrases phrases) {
        String owner = phrases.of("owner", event.text("owner"));
        String follows = event.text("limit").equals("fair_use")
                ? phrases.speed(event.number("downKbps"))
                : phrases.all("do", event.texts("actions"));
        boolean isTime = event.hasNumber("limitSeconds");
        return new Object[] {
            isTime
                    ? phrases.get("minutes", event.number("usedSeconds") / 60)
                    : phrases.volume(event.number("usedBytes")),
            isTime
                    ? phrases.get("minutes", event.number("limitSeconds") / 60)
                    : phrases.volume(event.number("limitBytes")),
            event.number("percent"),
            phrases.of("window", event.text("window")),
            follows,
            event.type().equals("rule.applied") ? phrases.of("cause", event.text("cause")) : owner,
            owner
        };
    }

    private static Object[] unusual(Occurrence event, Phrases phrases) {
        return new Object[] {
            phrases.volume(event.number("observedBytes")),
            "",
            "",
            phrases.of("category", event.text("category")),
            phrases.of("act", event.text("action")),
            phrases.of("kind", event.text("kind")),
            phrases.volume(event.number("expectedLowBytes")),
            phrases.volume(event.number("expectedHighBytes"))
        };
    }

    private static Object[] tariff(Occurrence event, Phrases phrases) {
        String currency = event.text("currency");
        return new Object[] {
            phrases.volume(event.number("remainingBytes")),
            phrases.money(event.text("limit"), currency),
            "",
            phrases.money(event.text("pricePerMegabyte"), currency),
            phrases.of("then", event.text("then")),
            phrases.country(event.text("country"))
        };
    }

    private static Object[] charged(Occurrence event, Phrases phrases) {
        String currency = event.text("currency");
        return new Object[] {
            phrases.money(event.text("charged"), currency),
            phrases.money(event.text("limit"), currency),
            event.hasNumber("percent") ? event.number("percent") : PERCENT,
            phrases.money(event.text("total"), currency),
            "",
            phrases.money(event.text("ceiling"), currency)
        };
    }

    private static Object[] ending(Occurrence event, Phrases phrases) {
        Object[] slots = volume(event, phrases);
        slots[5] = phrases.moment(event.text("endsAt"));
        return slots;
    }

    private static Object[] volume(Occurrence event, Phrases phrases) {
        return new Object[] {
            phrases.volume(event.number("bytes") + event.number("creditBytes")),
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            phrases.volume(event.number("remainingBytes"))
        };
    }

    private static Object[] about(String what, String follows) {
        return new Object[] {"", "", "", "", follows, what};
    }
}
