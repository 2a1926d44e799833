package dev.octroi.api.reseller;

import dev.octroi.http.ApiCall;
import dev.octroi.http.Cursors;
import dev.octroi.http.Cursors.Position;
import dev.octroi.http.Reply;
import dev.octroi.policy.Rule;
import dev.octroi.quota.rehearsal.FleetTally;
import dev.octroi.quota.rehearsal.RuleRehearsal;
import dev.octroi.quota.rehearsal.RuleRehearsals;
import dev.octroi.usage.Countries;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** What rules would have done to subscriptions, page by page, newest first; the sums of all go along in the cursor. */
public final class RuleSimulation {
    private static final int MAX_PAGE = 50;
    private static final int MAX_DAYS = 30;

    private final RuleRehearsals rehearsals;
    private final Cursors cursors;

    public RuleSimulation(RuleRehearsals rehearsals, Cursors cursors) {
        this.rehearsals = rehearsals;
        this.cursors = cursors;
    }

    /**
     * A subscription that rules are played on.
     *
     * @param subscriptionId the subscription
     * @param accountId its account
     */
    public record Played(long subscriptionId, long accountId) {}

    /** Where the subscriptions come from. */
    @FunctionalInterface
    public interface Source {
        /** Subscriptions older than an identifier, newest first. */
        Future<List<Played>> fetch(long beforeId, int limit);
    }

    /**
     * The page that a call asks for.
     *
     * @param target says which subscriptions the source gives: sums go on only for the same ones, the same rules and as many days
     * @param limit how many a page may have
     */
    public Future<Reply> reply(ApiCall call, int tenantId, List<Rule> rules, String target, int limit, Source source) {
        int days = call.body().getInteger("days", MAX_DAYS);
        int most = Math.min(limit, MAX_PAGE);
        String list = tenantId + "/simulation/" + days + "/" + target + dev.octroi.policy.RuleJson.write(rules);
        Optional<Position> after = cursors.after(call, list);
        FleetTally before = after.map(at -> FleetTally.of(at.sort())).orElse(FleetTally.NONE);
        RuleRehearsal rehearsal = new RuleRehearsal(rehearsals.decider(), rules, Countries::of);
        return source.fetch(after.map(Position::id).orElse(Long.MAX_VALUE), most + 1)
                .compose(found -> {
                    boolean isLast = found.size() <= most;
                    List<Played> page = isLast ? found : found.subList(0, most);
                    List<Long> accounts = page.stream().map(Played::accountId).toList();
                    return rehearsals
                            .play(tenantId, accounts, days, rehearsal, call::isWaitedFor)
                            .map(tallies -> {
                                FleetTally sums = before.plus(tallies.values());
                                String next = isLast
                                        ? null
                                        : cursors.encode(
                                                list,
                                                new Position(
                                                        sums.word(),
                                                        page.getLast().subscriptionId()));
                                return Reply.ok(RuleTallyJson.write(days, page, tallies, before, isLast)
                                        .put("next", next));
                            });
                });
    }
}
