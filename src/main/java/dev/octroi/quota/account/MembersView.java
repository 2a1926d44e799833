package dev.octroi.quota.account;

import java.util.List;

/**
 * Who spends a volume, read at one moment.
 *
 * @param maxMembers how many the plan allows; 1 where it is for one subscription
 * @param members the owner first, then in the order in which they joined
 * @param formerBytes what those that left, and what they brought, took of the volume
 */
public record MembersView(int maxMembers, List<MemberView> members, long formerBytes) {
    public MembersView {
        members = List.copyOf(members);
    }

    /** One of them as it is itself. */
    public MemberView of(long subscriptionId) {
        return members.stream()
                .filter(member -> member.subscriptionId() == subscriptionId)
                .findFirst()
                .orElseThrow();
    }
}
