package dev.octroi.quota.decide;

import dev.octroi.drain.DrainState;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.DrainHold;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import java.util.Map;

/** What a traveller does about a drain beside saying what it was. */
final class DrainAnswers {
    private DrainAnswers() {}

    /**
     * What drained is removed: data is on again, once for each incident, because whoever is wrong would press it for good. A bad
     * destination is slowed anew as soon as it is reached.
     */
    static Reply removed(Draft draft, AccountCommand.DrainRemoved command) {
        int incident = command.incident();
        DrainState drain = draft.drain();
        boolean isLast = !DrainHold.isOfDestination(incident) && incident == drain.incident();
        if (isLast && !drain.isAnswered(false)) {
            return new Reply.Refused(Refusal.NOT_ALLOWED, "Nobody has said that it was a drain.");
        }
        if (isLast && drain.isRemoved()) {
            return new Reply.Refused(Refusal.NOT_ALLOWED, "It went on after data was on again.");
        }
        boolean endsRules = DrainWatch.isLast(draft, incident);
        int released = draft.release(
                each -> DrainHold.isOf(each.id(), incident) || (endsRules && DrainWatch.isOfRule(draft, each)));
        if (released == 0) {
            return new Reply.Refused(Refusal.NOTHING_HELD, "Nothing is held for this alarm.");
        }
        if (isLast) {
            drain.removed();
        }
        draft.audit(command.actor(), "drain.removed", null, Map.of("incident", incident));
        return Reply.DONE;
    }
}
