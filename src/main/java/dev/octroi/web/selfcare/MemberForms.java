package dev.octroi.web.selfcare;

import dev.octroi.access.Principal;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.MemberView;
import dev.octroi.quota.account.MembersView;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** The owner of a shared volume caps one of its members. Who is no owner finds no such member. */
final class MemberForms {
    private final SelfCareReader reader;
    private final SelfCareActs acts;
    private final FormGuard guard;

    MemberForms(SelfCareReader reader, SelfCareActs acts, FormGuard guard) {
        this.reader = reader;
        this.acts = acts;
        this.guard = guard;
    }

    Future<FormAnswer> cap(String link, Principal traveller, Map<String, String> form) {
        return MemberCapRequest.ofForm(form)
                .map(request -> cap(link, traveller, request, form))
                .orElseGet(() -> FormAnswer.refused("shared.invalid", form));
    }

    private Future<FormAnswer> cap(
            String link, Principal traveller, MemberCapRequest request, Map<String, String> form) {
        return find(link, traveller, request)
                .compose(found -> found.isEmpty()
                        ? FormAnswer.refused("shared.gone", form)
                        : acts.memberCap(traveller, found.get(), request.cap()).compose(outcome -> switch (outcome) {
                            case Outcome.Accepted accepted -> Future.succeededFuture(new FormAnswer.Done());
                            case Outcome.Duplicate same -> Future.succeededFuture(new FormAnswer.Done());
                            case Outcome.Refused refused ->
                                refused.code() == Refusal.NOT_A_MEMBER
                                        ? FormAnswer.refused("shared.gone", form)
                                        : Future.failedFuture(SelfCareActs.problem(refused));
                        }));
    }

    /** The account of the member that the form names; empty when there is none any more, or the link is not the owner's. */
    private Future<Optional<AccountKey>> find(String link, Principal traveller, MemberCapRequest request) {
        return reader.members(traveller)
                .map(found -> found.flatMap(members -> find(link, traveller, members, request)))
                .compose(member -> member.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : reader.accountKey(traveller, member.get().subscriptionId()));
    }

    private Optional<MemberView> find(String link, Principal traveller, MembersView members, MemberCapRequest request) {
        return members.of(traveller.subscriptionId().orElseThrow()).isOwner()
                ? members.members().stream()
                        .filter(member -> !member.isOwner())
                        .filter(member ->
                                guard.member(link, member.subscriptionId()).equals(request.member()))
                        .findFirst()
                : Optional.empty();
    }
}
