package dev.octroi.web.selfcare;

import dev.octroi.access.Principal;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds a rule of the traveller's, and takes one away. What another owner set is out of reach, and said so. */
final class RuleForms {
    private final SelfCareActs acts;

    RuleForms(SelfCareActs acts) {
        this.acts = acts;
    }

    Future<FormAnswer> add(Principal traveller, Map<String, String> form) {
        return acts.account(traveller).compose(account -> {
            RuleSet own = account.rulesOf(Rule.Owner.USER);
            if (own.rules().size() >= Rule.MAX_PER_OWNER) {
                return FormAnswer.refused("rules.full", form);
            }
            return switch (RuleRequest.read(form, own)) {
                case RuleRequest.Result.Wrong wrong -> FormAnswer.refused(wrong.key(), form);
                case RuleRequest.Result.Wanted wanted -> add(traveller, account, wanted.rule(), form);
            };
        });
    }

    private Future<FormAnswer> add(Principal traveller, AccountView account, Rule rule, Map<String, String> form) {
        Optional<Rule> inTheWay = RuleRequest.inTheWay(rule, account.rules());
        if (inTheWay.isPresent()) {
            return Future.succeededFuture(new FormAnswer.Refused("rules.covered", inTheWay, form));
        }
        RuleSet own = account.rulesOf(Rule.Owner.USER);
        // Sent twice, or from a page that somebody else's change has made old.
        return Long.toString(own.version()).equals(form.get("version"))
                ? put(traveller, account, RuleRequest.with(own, rule), form)
                : FormAnswer.refused("rules.stale", form);
    }

    Future<FormAnswer> remove(Principal traveller, Map<String, String> form) {
        String id = form.getOrDefault("rule", "");
        return acts.account(traveller).compose(account -> {
            RuleSet own = account.rulesOf(Rule.Owner.USER);
            List<Rule> rest =
                    own.rules().stream().filter(rule -> !rule.id().equals(id)).toList();
            if (rest.size() < own.rules().size()) {
                return put(traveller, account, rest, form);
            }
            boolean isAnothers = account.rules().stream()
                    .flatMap(set -> set.rules().stream())
                    .anyMatch(rule -> rule.id().equals(id));
            return isAnothers
                    ? FormAnswer.refused("rules.notyours", form)
                    : Future.succeededFuture(new FormAnswer.Done());
        });
    }

    private Future<FormAnswer> put(
            Principal traveller, AccountView account, List<Rule> rules, Map<String, String> form) {
        long version = account.rulesOf(Rule.Owner.USER).version();
        return acts.put(traveller, account, rules, version).compose(outcome -> switch (outcome) {
            case Outcome.Accepted accepted -> Future.succeededFuture(new FormAnswer.Done());
            case Outcome.Duplicate same -> Future.succeededFuture(new FormAnswer.Done());
            case Outcome.Refused refused ->
                refused.code() == Refusal.STALE_VERSION
                        ? FormAnswer.refused("rules.stale", form)
                        : Future.failedFuture(SelfCareActs.problem(refused));
        });
    }
}
