package dev.octroi.notice.words;

import static dev.octroi.notice.words.NoticeChoice.calm;
import static dev.octroi.notice.words.NoticeChoice.urgent;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which event is told to the traveller. What follows from one cause is told once: a limit that is reached and the policy that comes
 * of it are two events and one notice.
 */
public final class NoticeRules {
    /** Types that are told, if their data say so; all others never are. */
    public static final Set<String> TYPES = Set.of(
            "usage.threshold_reached",
            "rule.applied",
            "anomaly.opened",
            "anomaly.grown",
            "anomaly.bad_destination",
            "device.changed",
            "case.resolved",
            "policy.decided",
            "zone.breached",
            "tariff.told",
            "overage.agreed",
            "overage.threshold_reached",
            "overage.ceiling_reached",
            "plan.started",
            "plan.renewed",
            "plan.ending",
            "plan.ended",
            "credit.applied",
            "top_up.applied",
            "volume.expired");

    /** Actions of rules after which no data passes. */
    private static final Set<String> STOPPING = Set.of("pause", "suspend", "ask");

    /** Causes of a policy that another event tells, by the beginnings of their names. */
    private static final List<String> TOLD_BY_ANOTHER = List.of(
            "user.", "plan.", "drain", "zone.blocked", "zone.ask_first", "bill_shock", "reseller.", "operator.");

    /** A person suspended it for a drain, which no alarm tells. */
    private static final String HELD_BY_A_PERSON = "drain.held";

    /** What the traveller pressed, or a timetable that the traveller made. */
    private static final Set<String> OWN_WISHES = Set.of("user.paused", "user.background", "user.hours", "user.place");

    private static final String NORMAL = "normal";
    private static final String SUSPENDED = "suspended";
    private static final long ALL = 100;

    private NoticeRules() {}

    /** Whether and how an event is told; empty: it is not. */
    public static Optional<NoticeChoice> of(Occurrence event) {
        return switch (event.type()) {
            case "usage.threshold_reached" -> Optional.of(threshold(event));
            case "rule.applied" -> rule(event);
            case "anomaly.opened" -> Optional.of(urgent(NoticeKind.UNUSUAL, "anomaly.opened"));
            case "anomaly.grown" -> Optional.of(urgent(NoticeKind.UNUSUAL, "anomaly.grown"));
            case "anomaly.bad_destination" -> Optional.of(urgent(NoticeKind.UNUSUAL, "anomaly.destination"));
            case "device.changed" -> Optional.of(urgent(NoticeKind.UNUSUAL, "device"));
            case "case.resolved" -> Optional.of(calm(NoticeKind.UNUSUAL, settled(event)));
            case "policy.decided" -> policy(event);
            case "zone.breached" ->
                Optional.of(
                        event.text("then").equals("warns")
                                ? calm(NoticeKind.DATA, "zone.warned")
                                : urgent(NoticeKind.DATA, "zone.closed"));
            case "tariff.told" -> Optional.of(urgent(NoticeKind.MONEY, tariff(event)));
            case "overage.agreed" -> Optional.of(urgent(NoticeKind.MONEY, "overage.agreed"));
            case "overage.threshold_reached" ->
                Optional.of(
                        urgent(NoticeKind.MONEY, event.number("percent") < ALL ? "overage.near" : "overage.reached"));
            case "overage.ceiling_reached" -> Optional.of(urgent(NoticeKind.MONEY, "overage.ceiling"));
            case "plan.started" -> Optional.of(calm(NoticeKind.PLAN, "plan.started"));
            case "plan.renewed" -> Optional.of(calm(NoticeKind.PLAN, "plan.renewed"));
            case "plan.ending" -> Optional.of(calm(NoticeKind.PLAN, "plan.ending"));
            case "plan.ended" -> Optional.of(urgent(NoticeKind.PLAN, "plan.ended"));
            // The credit of a settlement is told with it.
            case "credit.applied" ->
                event.number("bytes") == 0 || event.text("reference").startsWith("case_")
                        ? Optional.empty()
                        : Optional.of(calm(NoticeKind.PLAN, "credit"));
            case "top_up.applied" ->
                event.number("bytes") == 0 ? Optional.empty() : Optional.of(calm(NoticeKind.PLAN, "top_up"));
            case "volume.expired" ->
                event.number("bytes") == 0 ? Optional.empty() : Optional.of(calm(NoticeKind.PLAN, "volume.expired"));
            default -> Optional.empty();
        };
    }

    private static NoticeChoice threshold(Occurrence event) {
        return switch (event.text("limit")) {
            case "plan" ->
                event.number("percent") < ALL
                        ? calm(NoticeKind.USAGE, "plan.near")
                        : urgent(NoticeKind.USAGE, "plan.used_up");
            case "fair_use" -> calm(NoticeKind.USAGE, "fair_use");
            case "member" -> urgent(NoticeKind.USAGE, "member");
            default ->
                new NoticeChoice(
                        NoticeKind.USAGE, stops(event), "limit." + (event.hasNumber("limitMinor") ? "money" : "use"));
        };
    }

    /** Hours and places that travellers chose themselves come and go each day, and nobody wants to be told. */
    private static Optional<NoticeChoice> rule(Occurrence event) {
        boolean isTimetable = Set.of("hours", "place").contains(event.text("cause"));
        boolean isOwn = event.text("owner").equals("user");
        return isOwn && isTimetable && !event.texts("actions").contains("notify")
                ? Optional.empty()
                : Optional.of(new NoticeChoice(NoticeKind.USAGE, stops(event), "rule"));
    }

    private static boolean stops(Occurrence event) {
        List<String> actions = event.texts("actions");
        return actions.stream().anyMatch(STOPPING::contains);
    }

    private static String settled(Occurrence event) {
        return event.number("creditBytes") > 0 ? "case.credited" : "case.settled";
    }

    private static String tariff(Occurrence event) {
        return event.text("pricePerMegabyte").isEmpty() ? "tariff.free" : "tariff.price";
    }

    private static Optional<NoticeChoice> policy(Occurrence event) {
        String level = event.text("level");
        if (level.equals(NORMAL)) {
            return isToldOtherwise(event.text("previousReason"), event)
                            || event.text("previousLevel").equals(NORMAL)
                    ? Optional.empty()
                    : Optional.of(calm(NoticeKind.DATA, "data.back"));
        }
        if (isToldOtherwise(event.text("reason"), event)) {
            return Optional.empty();
        }
        if (level.startsWith(SUSPENDED)) {
            // Only its end has moved, or what else is blocked: it was told when it began.
            boolean isAsBefore = level.equals(event.text("previousLevel"))
                    && event.text("reason").equals(event.text("previousReason"));
            return isAsBefore ? Optional.empty() : Optional.of(urgent(NoticeKind.DATA, "data.stopped"));
        }
        return event.hasNumber("downKbps") ? Optional.of(calm(NoticeKind.DATA, "data.slowed")) : Optional.empty();
    }

    /**
     * Reasons that an event of their own tells, with its figures, or that are the traveller's own act. That data is back is told
     * where no new volume, month or consent tells it, and after what happened to the traveller rather than by a timetable.
     */
    private static boolean isToldOtherwise(String reason, Occurrence event) {
        if (event.text("level").equals(NORMAL)) {
            return OWN_WISHES.contains(reason) || reason.startsWith("plan.") || reason.startsWith("bill_shock");
        }
        if (reason.equals(HELD_BY_A_PERSON)) {
            return false;
        }
        return reason.equals("member.cap_reached") || TOLD_BY_ANOTHER.stream().anyMatch(reason::startsWith);
    }
}
