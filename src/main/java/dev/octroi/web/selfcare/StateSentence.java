package dev.octroi.web.selfcare;

import dev.octroi.callback.network.PolicySender;
import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.policy.PolicyEngine;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Delivery;
import dev.octroi.quota.account.PeriodView;
import dev.octroi.quota.account.PlaceView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first sentence of the page: what holds, since when, why, until when. */
final class StateSentence {
    /** So long a network may take without anybody having to worry. */
    private static final Duration TELLING = Duration.ofSeconds(15);

    private StateSentence() {}

    /** What holds, in one word for machines: working, slowed, background, paused, suspended or waiting. */
    static String state(AccountView account) {
        Policy policy = account.policy();
        if (policy.reasonCode().equals("plan.not_started")) {
            return "waiting";
        }
        if (policy.reasonCode().equals("user.paused")) {
            return "paused";
        }
        return switch (policy.level()) {
            case NORMAL -> "working";
            case THROTTLED -> "slowed";
            case BACKGROUND_BLOCKED -> policy.speed() == null ? "background" : "slowed";
            case SUSPENDED_DATA, SUSPENDED_ALL -> "suspended";
        };
    }

    /** The sentence in the page's language. */
    static String of(AccountView account, Texts texts) {
        Policy policy = account.policy();
        if (policy.level() == Level.NORMAL) {
            return working(account, texts);
        }
        String state = state(account);
        if (state.equals("waiting")) {
            return texts.get("state.waiting");
        }
        Optional<Policy> slow = PolicyEngine.slowing(policy, account.restrictions(), account.readAt());
        if (slow.isPresent()) {
            return said("slowed", slow.get(), account, texts)
                    + texts.get("state.background.too", why(policy, account, texts))
                    + blocked(policy, texts)
                    + ending(policy, account, texts);
        }
        return said(state, policy, account, texts);
    }

    /** Whether the network has yet to confirm what the sentence says; where there is none to be told, nobody ever confirms. */
    static boolean isUnconfirmed(AccountView account) {
        Delivery delivery = account.delivery();
        return delivery != null && isAwaited(delivery) && !state(account).equals("waiting");
    }

    /** Whether a network has yet to confirm it; where there has never been one to be told, nobody ever will. */
    static boolean isAwaited(Delivery delivery) {
        return !delivery.isConfirmed()
                && (delivery.sentVersion() > 0
                        || delivery.confirmedVersion() > 0
                        || !PolicySender.NOBODY.equals(delivery.error()));
    }

    /**
     * What the network's silence means: at first that it is being told, then, where data should stand still, that it may go on.
     * Empty where it has confirmed.
     */
    static String unconfirmed(AccountView account, Texts texts) {
        Delivery delivery = account.delivery();
        if (delivery == null || !isUnconfirmed(account)) {
            return "";
        }
        if (account.readAt().isBefore(delivery.desiredAt().plus(TELLING))) {
            return texts.get("unconfirmed.telling");
        }
        boolean stops = account.policy().level().compareTo(Level.SUSPENDED_DATA) >= 0;
        return texts.get("unconfirmed") + (stops ? texts.get("unconfirmed.stopped") : "");
    }

    /** As of when one's own use is known; empty where nobody else spends the volume, whose numbers it says that of. */
    static String ownFreshness(AccountView account, Texts texts) {
        if (account.shared() == null) {
            return "";
        }
        Instant asOf = account.ownFreshness().asOf();
        return asOf == null ? texts.get("asof.own.never") : texts.get("asof.own", texts.moment(asOf, account.readAt()));
    }

    private static String said(String state, Policy policy, AccountView account, Texts texts) {
        Speed speed = policy.speed();
        String since = since(policy, account, texts);
        String head = state.equals("slowed") && speed != null
                ? texts.get("state.slowed", texts.speed(speed.downKbps()), since, why(policy, account, texts))
                : texts.get("state." + state, since, why(policy, account, texts));
        return head + blocked(policy, texts) + ending(policy, account, texts);
    }

    private static String working(AccountView account, Texts texts) {
        String left = texts.volume(account.spendableBytes());
        if (account.period().state() == PeriodView.State.NOT_STARTED) {
            String waits = account.period().waitsFor().name().toLowerCase(Locale.ROOT);
            return texts.get("state.ready." + waits, left);
        }
        Instant end = account.forecast() == null ? null : account.forecast().depletesAt();
        // When the volume is used up says nothing of a cap that ends before it.
        if (end != null && account.spendableBytes() == account.remainingBytes()) {
            return texts.get("state.working.until", left, texts.moment(end, account.readAt()));
        }
        return texts.get("state.working", left);
    }

    private static String blocked(Policy policy, Texts texts) {
        if (policy.blockedCategories().isEmpty()) {
            return "";
        }
        List<String> names = policy.blockedCategories().stream()
                .map(word -> texts.has("category." + word) ? texts.get("category." + word) : word)
                .toList();
        return texts.get("state.categories", String.join(", ", names));
    }

    private static String why(Policy policy, AccountView account, Texts texts) {
        String code = policy.reasonCode();
        PlaceView place = account.place();
        if (code.equals("zone.speed_cap")
                && place != null
                && place.zoneName() != null
                && ("zone:" + place.zoneId()).equals(policy.restrictionId())) {
            return texts.get("why.zone.named", place.zoneName());
        }
        if (code.equals("administrative.held")) {
            return texts.get(isOfTheShop(policy.restrictionId()) ? "why.administrative" : "why.administrative.network");
        }
        String exact = "why." + code;
        if (texts.has(exact)) {
            return texts.get(exact);
        }
        String family = "why." + code.substring(0, Math.max(0, code.indexOf('.')));
        return texts.get(texts.has(family) ? family : "why.other");
    }

    /** Whether the shop itself suspended; for a member of a shared volume the id has a word before it. */
    private static boolean isOfTheShop(@Nullable String restrictionId) {
        return restrictionId != null
                && restrictionId.endsWith(
                        AccountCommand.Suspend.idOf(RestrictionClass.ADMINISTRATIVE, Actor.Kind.RESELLER));
    }

    private static String since(Policy policy, AccountView account, Texts texts) {
        Restriction cause = cause(policy, account);
        return texts.moment(cause == null ? account.readAt() : cause.from(), account.readAt());
    }

    private static @Nullable Restriction cause(Policy policy, AccountView account) {
        return account.restrictions().stream()
                .filter(each -> each.id().equals(policy.restrictionId()))
                .findFirst()
                .orElse(null);
    }

    /** Who can take it away: support where it suspended for a drain, the traveller what is their own. */
    private static String lifting(String reason, Texts texts) {
        if (reason.startsWith("drain.")) {
            return texts.get("until.lifted");
        }
        boolean isSaid = reason.endsWith(".ask_first") || reason.equals("user.background");
        return reason.startsWith("user.") && !isSaid ? texts.get("until.resume") : "";
    }

    private static String ending(Policy policy, AccountView account, Texts texts) {
        Instant moment = policy.until().moment();
        String word = policy.until().word();
        if (word.equals("moment") && moment != null) {
            String place = account.timeZone().getId();
            return texts.get(
                    "until.moment",
                    texts.moment(moment, account.readAt()),
                    place.substring(place.lastIndexOf('/') + 1).replace('_', ' '));
        }
        if (word.equals("lifted")) {
            return lifting(policy.reasonCode(), texts);
        }
        if (word.equals("zone_left") && policy.level().compareTo(Level.SUSPENDED_DATA) >= 0) {
            return policy.reasonCode().endsWith(".ask_first") ? "" : texts.get("until.zone_left.data");
        }
        return texts.has("until." + word) ? texts.get("until." + word) : "";
    }
}
