package dev.octroi.web.selfcare;

import dev.octroi.access.Principal;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.OverageView;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Function;

/** The traveller's word on being charged: up to the limit that the page showed or that the traveller names, or nothing. */
final class OverageForms {
    private final SelfCareActs acts;

    OverageForms(SelfCareActs acts) {
        this.acts = acts;
    }

    Future<FormAnswer> answer(Principal traveller, Map<String, String> form) {
        return acts.account(traveller).compose(account -> {
            if (OverageSection.isOthers(account)) {
                return FormAnswer.refused("overage.others", form);
            }
            return switch (form.getOrDefault("agreed", "")) {
                case "true" ->
                    limit(
                            account,
                            form,
                            request -> acts.agree(traveller, account, request.limitMinor())
                                    .map(new FormAnswer.Done()));
                case "false" -> acts.decline(traveller, account).map(new FormAnswer.Done());
                // Whoever named an amount has agreed to nothing: the button that does says which amount it is.
                default ->
                    limit(
                            account,
                            form,
                            request -> Future.succeededFuture(new FormAnswer.Asked("overage.named", form)));
            };
        });
    }

    private static Future<FormAnswer> limit(
            AccountView account, Map<String, String> form, Function<OverageRequest, Future<FormAnswer>> then) {
        OverageView overage = account.overage();
        if (overage == null || !overage.limit().text().equals(form.get("limit"))) {
            return FormAnswer.refused("overage.stale", form);
        }
        return OverageRequest.ofForm(form, overage)
                .map(then)
                .orElseGet(() -> FormAnswer.refused("overage.invalid", form));
    }
}
