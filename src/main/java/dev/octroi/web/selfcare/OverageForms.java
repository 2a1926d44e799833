package dev.octroi.web.selfcare;

import dev.octroi.access.Principal;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.OverageView;
import io.vertx.core.Future;
import java.util.Map;

/** The traveller's word on being charged: up to the limit that the page showed or that the traveller names, or nothing. */
final class OverageForms {
    private final SelfCareActs acts;

    OverageForms(SelfCareActs acts) {
        this.acts = acts;
    }

    Future<FormAnswer> answer(Principal traveller, Map<String, String> form) {
        return acts.account(traveller).compose(account -> {
            if (OverageSection.isOthers(account)) {
                return refused("overage.others", form);
            }
            return "true".equals(form.get("agreed"))
                    ? agree(traveller, account, form)
                    : acts.decline(traveller, account).map(new FormAnswer.Done());
        });
    }

    private Future<FormAnswer> agree(Principal traveller, AccountView account, Map<String, String> form) {
        OverageView overage = account.overage();
        if (overage == null || !overage.limit().text().equals(form.get("limit"))) {
            return refused("overage.stale", form);
        }
        return OverageRequest.ofForm(form, overage)
                .map(request ->
                        acts.agree(traveller, account, request.limitMinor()).<FormAnswer>map(new FormAnswer.Done()))
                .orElseGet(() -> refused("overage.invalid", form));
    }

    private static Future<FormAnswer> refused(String key, Map<String, String> form) {
        return Future.succeededFuture(FormAnswer.Refused.of(key, form));
    }
}
