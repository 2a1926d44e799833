package dev.octroi.web.selfcare;

import static java.util.Objects.requireNonNull;

import dev.octroi.access.Principal;
import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.DrainHold;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a traveller does on the page, as commands of the account behind the link. */
final class SelfCareActs {
    private static final int MAX_TRIES = 5;

    private final SelfCareReader reader;
    private final Accounts accounts;

    SelfCareActs(SelfCareReader reader, Accounts accounts) {
        this.reader = requireNonNull(reader, "reader is null");
        this.accounts = requireNonNull(accounts, "accounts is null");
    }

    /** The account as it is. */
    Future<AccountView> account(Principal traveller) {
        return reader.account(traveller);
    }

    Future<AccountView> pause(Principal traveller) {
        return submit(traveller, AccountCommand.Pause::new);
    }

    Future<AccountView> resume(Principal traveller) {
        return submit(traveller, AccountCommand.Resume::new);
    }

    Future<AccountView> background(Principal traveller, Background background) {
        return submit(traveller, actor -> new AccountCommand.SetBackground(background, actor));
    }

    /**
     * The words agreed to are those that the page shows.
     *
     * @param limitMinor the monthly limit that it shows, or that the traveller names
     */
    Future<AccountView> agree(Principal traveller, AccountView account, long limitMinor) {
        return submit(
                traveller, account, actor -> new AccountCommand.AgreeOverage(limitMinor, OverageSection.TEXT, actor));
    }

    Future<AccountView> decline(Principal traveller, AccountView account) {
        return submit(traveller, account, AccountCommand.DeclineOverage::new);
    }

    /**
     * Caps a member of the traveller's shared account.
     *
     * @param member the member's account
     * @param cap empty: none any more
     */
    Future<Outcome> memberCap(Principal traveller, AccountKey member, Optional<MemberCap> cap) {
        return accounts.submit(member, new AccountCommand.SetMemberCap(cap.orElse(null), actor(traveller)));
    }

    /**
     * The same answer to the same alarm once more changes nothing; but that a bad destination is known holds for a day, and may be
     * said again.
     */
    Future<AccountView> alarm(Principal traveller, int incident, boolean meant) {
        return reader.isAnswered(traveller, incident, meant)
                .compose(answered -> answered && !(meant && DrainHold.isOfDestination(incident))
                        ? reader.account(traveller)
                        : submit(traveller, actor -> new AccountCommand.AlarmFeedback(incident, meant, actor)));
    }

    /** What drained is removed from the phone: data is on again. */
    Future<AccountView> removed(Principal traveller, int incident) {
        return submit(traveller, actor -> new AccountCommand.DrainRemoved(incident, actor));
    }

    /** The daily limit is one rule among the traveller's own; the others stay, also those that are written meanwhile. */
    Future<AccountView> limit(Principal traveller, LimitRequest limit) {
        return limit(traveller, limit, 1);
    }

    private Future<AccountView> limit(Principal traveller, LimitRequest limit, int tryNumber) {
        return reader.account(traveller).compose(account -> {
            RuleSet own = account.rulesOf(Rule.Owner.USER);
            List<Rule> rules = Stream.concat(
                            own.rules().stream().filter(rule -> !rule.id().equals(LimitRequest.RULE_ID)),
                            limit.toRules().stream())
                    .toList();
            return put(traveller, account, rules, own.version()).compose(outcome -> switch (outcome) {
                case Outcome.Accepted accepted -> Future.succeededFuture(accepted.account());
                case Outcome.Duplicate same -> Future.succeededFuture(same.account());
                case Outcome.Refused refused ->
                    refused.code() == Refusal.STALE_VERSION && tryNumber < MAX_TRIES
                            ? limit(traveller, limit, tryNumber + 1)
                            : Future.failedFuture(problem(refused));
            });
        });
    }

    /**
     * Replaces the traveller's rules.
     *
     * @param version the version that was read
     */
    Future<Outcome> put(Principal traveller, AccountView account, List<Rule> rules, long version) {
        return accounts.submit(
                account.key(), new AccountCommand.PutRules(Rule.Owner.USER, rules, version, actor(traveller)));
    }

    /** The problem that says why a command was not taken. */
    static ProblemException problem(Outcome.Refused refused) {
        ProblemType type = switch (refused.code()) {
            case STALE_VERSION -> ProblemType.CONFLICT;
            case BUSY -> ProblemType.UNAVAILABLE;
            default -> ProblemType.UNPROCESSABLE;
        };
        ProblemException problem = Problem.of(type, refused.detail())
                .withCode(refused.code().word())
                .toException();
        return type == ProblemType.UNAVAILABLE ? problem.withHeader("Retry-After", "1") : problem;
    }

    private Future<AccountView> submit(Principal traveller, Function<Actor, AccountCommand> command) {
        return reader.account(traveller).compose(account -> submit(traveller, account, command));
    }

    private Future<AccountView> submit(
            Principal traveller, AccountView account, Function<Actor, AccountCommand> command) {
        return accounts.submit(account.key(), command.apply(actor(traveller))).map(outcome -> after(outcome, account));
    }

    private static Actor actor(Principal traveller) {
        return new Actor(Actor.Kind.TRAVELLER, "self-care", traveller.tokenId());
    }

    /** To resume what runs is nothing to do; whatever else was refused is a problem. */
    private static AccountView after(Outcome outcome, AccountView before) {
        return switch (outcome) {
            case Outcome.Accepted accepted -> accepted.account();
            case Outcome.Duplicate same -> same.account();
            case Outcome.Refused refused -> {
                if (refused.code() != Refusal.NOTHING_HELD) {
                    throw problem(refused);
                }
                yield before;
            }
        };
    }
}
