package dev.octroi.web.selfcare;

import dev.octroi.access.Principal;
import dev.octroi.catalog.Overage;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.OverageView;
import io.vertx.core.Future;
import java.util.Map;

/** The traveller's word on being charged: to exactly the limit that the page showed, or to nothing. */
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
        return overage == null || !overage.limit().text().equals(form.get("limit"))
                ? refused("overage.stale", form)
                : acts.agree(traveller, account, Overage.minor(overage.limit())).map(new FormAnswer.Done());
    }

    private static Future<FormAnswer> refused(String key, Map<String, String> form) {
        return Future.succeededFuture(FormAnswer.Refused.of(key, form));
    }
}
